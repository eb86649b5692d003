/**
 * How code stands on a page: ink only, because hue means state. Keywords bold, comments italic and grey, the rest upright.
 * Given to Expressive Code, which needs colours as values; they are those of tokens.css.
 */
const inks = {
  light: { text: '#16202b', comment: '#606a73', ground: '#eff0eb' },
  dark: { text: '#e9eae4', comment: '#919ba3', ground: '#0c1014' },
} as const;

function theme(type: keyof typeof inks) {
  const { text, comment, ground } = inks[type];
  return {
    name: `ballast-${type}`,
    type,
    colors: { 'editor.background': ground, 'editor.foreground': text },
    settings: [
      { settings: { foreground: text } },
      { scope: ['comment', 'punctuation.definition.comment'], settings: { foreground: comment, fontStyle: 'italic' } },
      { scope: ['keyword', 'storage'], settings: { foreground: text, fontStyle: 'bold' } },
      { scope: ['keyword.operator', 'storage.type.function.arrow'], settings: { foreground: text, fontStyle: '' } },
    ],
  };
}

export const codeBlocks = {
  themes: [theme('dark'), theme('light')],
  // The colours above have their contrast already; nothing is to be shifted.
  minSyntaxHighlightingColorContrast: 0,
  defaultProps: { frame: 'none' as const, wrap: true },
  styleOverrides: {
    borderColor: 'var(--b-rule)',
    borderRadius: 'var(--b-radius)',
    codeBackground: 'var(--b-sunk)',
    codeFontFamily: 'var(--b-mono)',
    codeFontSize: 'var(--b-code-size)',
    codeLineHeight: 'var(--b-code-leading)',
    codePaddingBlock: 'var(--b-16)',
    codePaddingInline: 'var(--b-16)',
    focusBorder: 'var(--b-ink)',
    uiFontFamily: 'var(--b-font)',
    textMarkers: {
      markBackground: 'var(--b-plate)',
      markBorderColor: 'var(--b-ink)',
      lineMarkerAccentWidth: '4px',
    },
    frames: { shadowColor: 'transparent' },
  },
};
