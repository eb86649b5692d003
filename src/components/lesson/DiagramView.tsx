import { useEffect, useRef, useState } from 'preact/hooks';
import './diagram.css';

let drawn = 0;

/** A diagram keeps the size of its words. So it is laid out until it fits: as written, closer, from top to bottom, and both again at their closest. */
const LAYOUTS = [
  { turned: false, wrappingWidth: 150, nodeSpacing: 32, rankSpacing: 36, padding: 12 },
  { turned: false, wrappingWidth: 76, nodeSpacing: 12, rankSpacing: 22, padding: 5 },
  { turned: true, wrappingWidth: 76, nodeSpacing: 12, rankSpacing: 22, padding: 5 },
  { turned: false, wrappingWidth: 56, nodeSpacing: 8, rankSpacing: 16, padding: 3 },
  { turned: true, wrappingWidth: 56, nodeSpacing: 4, rankSpacing: 20, padding: 3 },
] as const;
/** Where the wide layouts are not worth a try. */
const NARROW = '(max-width: 47.99rem)';

interface Drawing {
  readonly svg: string;
  /** No layout was narrow enough. */
  readonly scrolls: boolean;
}

export function DiagramView({ source, alt }: { source: string; alt: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [drawing, setDrawing] = useState<Drawing>();
  const [problem, setProblem] = useState('');

  useEffect(() => {
    let current = true;
    const redraw = (): void => {
      drawDiagram(source, box.current!).then(
        (made) => current && setDrawing(made),
        (error: unknown) => current && setProblem(error instanceof Error ? error.message : String(error)),
      );
    };
    redraw();
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    const narrow = matchMedia(NARROW);
    narrow.addEventListener('change', redraw);
    return () => {
      current = false;
      theme.disconnect();
      narrow.removeEventListener('change', redraw);
    };
  }, []);

  return (
    <div
      class="b-plate b-diagram"
      ref={box}
      {...(drawing?.scrolls && { role: 'region', 'aria-label': 'Diagram, wider than the screen', tabIndex: 0 })}
    >
      {drawing === undefined ? (
        <pre>{source}</pre>
      ) : (
        <div role="img" aria-label={alt} dangerouslySetInnerHTML={{ __html: drawing.svg }} />
      )}
      {problem !== '' && (
        <p class="b-notice">
          This diagram could not be drawn ({problem}). Its source says the same. {alt}
        </p>
      )}
    </div>
  );
}

/** The lesson's author wrote `source`; Mermaid's strict mode still takes scripts and links out of it. */
async function drawDiagram(source: string, box: HTMLElement): Promise<Drawing> {
  const { default: mermaid } = await import('mermaid');
  const style = getComputedStyle(box);
  const css = (name: string): string => style.getPropertyValue(name).trim();
  const [ink, ink2, edge, plate, sunk] = ['--b-ink', '--b-ink2', '--b-edge', '--b-plate', '--b-sunk'].map(css) as [
    string,
    string,
    string,
    string,
    string,
  ];
  const config = {
    startOnLoad: false,
    securityLevel: 'strict' as const,
    theme: 'base' as const,
    layout: 'dagre',
    fontFamily: css('--b-font'),
    themeVariables: {
      fontSize: '15px',
      background: plate,
      primaryColor: plate,
      primaryTextColor: ink,
      primaryBorderColor: edge,
      secondaryColor: sunk,
      tertiaryColor: sunk,
      lineColor: ink2,
      textColor: ink,
      mainBkg: plate,
      nodeBorder: edge,
      clusterBkg: sunk,
      clusterBorder: edge,
      edgeLabelBackground: plate,
      actorBkg: plate,
      actorBorder: ink,
      actorTextColor: ink,
      actorLineColor: edge,
      signalColor: ink,
      signalTextColor: ink,
      labelBoxBkgColor: plate,
      labelBoxBorderColor: edge,
      labelTextColor: ink,
      loopTextColor: ink,
      noteBkgColor: sunk,
      noteBorderColor: edge,
      noteTextColor: ink,
      activationBkgColor: sunk,
      activationBorderColor: edge,
    },
  };
  const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  let narrowest = { svg: '', width: Infinity };
  for (const { turned, ...layout } of LAYOUTS.slice(matchMedia(NARROW).matches ? 1 : 0)) {
    mermaid.initialize({
      ...config,
      // Any other look has paddings of its own, whatever the layout asks for.
      flowchart: { look: 'classic', useMaxWidth: false, minNodeWidth: 0, diagramPadding: 2, ...layout },
    });
    drawn += 1;
    const text = turned ? source.replace(/\b(flowchart|direction) LR\b/g, '$1 TB') : source;
    const { svg } = await mermaid.render(`b-diagram-${drawn}`, text);
    const width = Number(/viewBox="\S+ \S+ (\S+)/.exec(svg)?.[1]);
    if (width < narrowest.width) narrowest = { svg, width };
    if (width <= room) break;
  }
  return { svg: narrowest.svg, scrolls: narrowest.width > room };
}
