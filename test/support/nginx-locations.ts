import { settingsSchema, type SettingsInput } from "../../server/config/schema.js";
import { readNginxTemplates, renderManaged } from "../../server/ops/nginx-config.js";

export interface NginxLocation {
  /** As it stands behind `location`, with single spaces. */
  readonly name: string;
  /** What its server listens on first. */
  readonly listen: string;
  /** Its directives in order, those of blocks within it too, each with its arguments. */
  readonly directives: readonly (readonly string[])[];
}

interface Block {
  readonly words: readonly string[];
  readonly directives: (readonly string[])[];
  readonly blocks: Block[];
}

const surroundings = { live: "/live", web: "/web", recordings: "/recordings", hostname: "pi", ipv6: false };

/** Every location of the configuration that NGINX gets with these settings. */
export function nginxLocations(settings: SettingsInput): NginxLocation[] {
  return locationsIn(renderManaged(readNginxTemplates(), settingsSchema.parse(settings), surroundings, null));
}

/**
 * Every location of a configuration. Read as NGINX reads it, word by word: one that is written in another way than ours, or
 * made by the program, is found too.
 */
export function locationsIn(text: string): NginxLocation[] {
  const servers = allBlocks(parse(text)).filter(({ words }) => words[0] === "server");
  return servers.flatMap((server) => {
    const listen = server.directives.find(([name]) => name === "listen")?.[1] ?? "";
    const found = allBlocks(server).filter(({ words }) => words[0] === "location");
    return found.map((block) => ({
      name: block.words.slice(1).join(" "),
      listen,
      directives: [block, ...allBlocks(block)].flatMap(({ directives }) => directives),
    }));
  });
}

function allBlocks({ blocks }: Block): Block[] {
  return blocks.flatMap((block) => [block, ...allBlocks(block)]);
}

/** Words in quotation marks, comments, and what ends a directive. */
const token = /#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([{};])|([^\s{};"'#](?:[^\s{};]|\{(?=\d))*)/g;

function parse(text: string): Block {
  const root: Block = { words: [], directives: [], blocks: [] };
  const open = [root];
  let words: string[] = [];
  for (const [whole, double, single, sign, word] of text.matchAll(token)) {
    const inner = open.at(-1) ?? root;
    if (whole.startsWith("#")) continue;
    if (sign === "{") {
      const block: Block = { words, directives: [], blocks: [] };
      inner.blocks.push(block);
      open.push(block);
    } else if (sign === "}") open.pop();
    else if (sign === ";") inner.directives.push(words);
    else words = [...words, double ?? single ?? word ?? ""];
    if (sign !== undefined) words = [];
  }
  return root;
}
