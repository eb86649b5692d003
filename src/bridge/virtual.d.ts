/** The modules that src/integrations/grading.ts makes. */
declare module 'virtual:ballast-sandbox' {
  /** The document of the learner's frame. */
  export const sandbox: string;
}

declare module 'virtual:ballast-katas' {
  import type { KataScenario, PolicyKind } from '../../engine/index.ts';

  /** By slug. */
  export const katas: Readonly<
    Record<
      string,
      () => Promise<{ readonly kata: { readonly policy: PolicyKind; readonly scenarios: readonly KataScenario[] } }>
    >
  >;
}
