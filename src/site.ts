/** The address of a page of this site, under whatever base path it is published: `href('katas/')`. */
export function href(path = ''): string {
  return `${import.meta.env.BASE_URL.replace(/\/$/, '')}/${path}`;
}
