import { useEffect, useRef, useState } from 'preact/hooks';
import './diagram.css';

let drawn = 0;

export function DiagramView({ source, alt }: { source: string; alt: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [svg, setSvg] = useState<string>();
  const [problem, setProblem] = useState('');

  useEffect(() => {
    let current = true;
    const redraw = (): void => {
      drawDiagram(source, box.current!).then(
        (markup) => current && setSvg(markup),
        (error: unknown) => current && setProblem(error instanceof Error ? error.message : String(error)),
      );
    };
    redraw();
    const theme = new MutationObserver(redraw);
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      current = false;
      theme.disconnect();
    };
  }, []);

  return (
    <div class="b-plate b-diagram" ref={box}>
      {svg === undefined ? (
        <pre>{source}</pre>
      ) : (
        <div role="img" aria-label={alt} dangerouslySetInnerHTML={{ __html: svg }} />
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
async function drawDiagram(source: string, box: HTMLElement): Promise<string> {
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
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: 'strict',
    theme: 'base',
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
  });
  drawn += 1;
  const { svg } = await mermaid.render(`b-diagram-${drawn}`, source);
  return svg;
}
