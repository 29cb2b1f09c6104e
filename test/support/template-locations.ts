import { readNginxTemplates } from "../../server/ops/nginx-config.js";

export interface TemplateLocation {
  /** As it stands behind `location`. */
  readonly name: string;
  readonly body: string;
}

/** Every location of the NGINX templates. */
export function templateLocations(): TemplateLocation[] {
  return Object.values(readNginxTemplates()).flatMap((text) =>
    [...text.matchAll(/^ *location ([^\n]*?) \{\n([\s\S]*?)^ *\}/gm)].map(([, name = "", body = ""]) => ({
      name,
      body,
    })),
  );
}
