import { posix } from "node:path";
import ts from "typescript";

/**
 * Who may import whom among the folders of `server/`. A folder may import itself and every folder of a later row;
 * folders of one row do not know each other. Types count as well: what only a type needs is still known.
 */
const rows = [
  ["main"],
  ["app"],
  ["http"],
  ["accounts", "switch", "guard", "live", "recording", "archive", "fleet", "motion", "notify"],
  ["stream"],
  ["camera", "hls"],
  ["process"],
  ["config"],
  ["lib"],
];

/** Known to `main` and `app` alone, and built on processes and settings only. */
const sideFolders: Record<string, readonly string[]> = { ops: ["process", "config", "lib"] };

/** The only files of the server that the page knows (wire.ts and its parts), and only their types. */
const wire = "server/http/wire.ts";
const isWire = (file: string): boolean => /^server\/http\/wire(-[a-z]+)?\.ts$/.test(file);
const ffmpegFile = "server/stream/ffmpeg-arguments.ts";
const shells = ["exec", "execSync", "fork"];

interface Import {
  readonly specifier: string;
  readonly line: number;
  readonly typeOnly: boolean;
  readonly names: readonly string[];
}

interface Reading {
  readonly imports: readonly Import[];
  /** Lines with an option `shell` that is not `false`. */
  readonly shellLines: readonly number[];
}

/** Each violation in one line: `file:line: rule`. `files` maps paths from the package's root to their text. */
export function importViolations(files: ReadonlyMap<string, string>): string[] {
  const readings = new Map([...files].map(([file, text]) => [file, read(file, text)]));
  const single = [...readings].flatMap(([file, reading]) => [
    ...reading.imports.flatMap((entry) => violationsOf(file, entry).map((rule) => `${file}:${entry.line}: ${rule}`)),
    ...reading.shellLines.map((line) => `${file}:${line}: never a shell; give an argument vector`),
  ]);
  return [...single, ...cycles(readings)];
}

function read(file: string, text: string): Reading {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const shellLines: number[] = [];
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const visit = (node: ts.Node): void => {
    const found = importIn(node);
    if (found) imports.push({ ...found, line: lineOf(node) });
    if (isShellOption(node)) shellLines.push(lineOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, shellLines };
}

function importIn(node: ts.Node): Omit<Import, "line"> | undefined {
  if (ts.isImportDeclaration(node)) {
    const clause = node.importClause;
    const typeOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
    return importOf(node.moduleSpecifier, typeOnly, namesOf(clause));
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) return importOf(node.moduleSpecifier, node.isTypeOnly, []);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return importOf(node.argument.literal, true, []);
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return importOf(node.arguments[0], false, ["*"]);
  }
  return undefined;
}

function importOf(
  specifier: ts.Node | undefined,
  typeOnly: boolean,
  names: readonly string[],
): Omit<Import, "line"> | undefined {
  return specifier && ts.isStringLiteral(specifier) ? { specifier: specifier.text, typeOnly, names } : undefined;
}

/** Names as the imported module calls them; `*` is all of them. */
function namesOf(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  const named =
    bindings && ts.isNamedImports(bindings)
      ? bindings.elements.map((element) => (element.propertyName ?? element.name).text)
      : [];
  const whole = clause?.name !== undefined || (bindings !== undefined && ts.isNamespaceImport(bindings));
  return whole ? ["*", ...named] : named;
}

function isShellOption(node: ts.Node): boolean {
  return (
    ts.isPropertyAssignment(node) &&
    node.name.getText() === "shell" &&
    node.initializer.kind !== ts.SyntaxKind.FalseKeyword
  );
}

function violationsOf(file: string, entry: Import): string[] {
  const target = resolve(file, entry.specifier);
  return [
    folderRule(file, target),
    pageRule(file, target, entry),
    entry.specifier === "fluent-ffmpeg" && file !== ffmpegFile ? `only ${ffmpegFile} knows fluent-ffmpeg` : undefined,
    shellRule(entry),
  ].filter((rule) => rule !== undefined);
}

function shellRule({ specifier, names }: Import): string | undefined {
  if (!/^(node:)?child_process$/.test(specifier)) return undefined;
  const found = names.find((name) => name === "*" || shells.includes(name));
  return found && `imports ${found} of child_process: never a shell; import spawn by its name`;
}

/** The file a relative specifier means, from the package's root; undefined for a package. */
function resolve(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  return posix.join(posix.dirname(file), specifier).replace(/\.js$/, ".ts");
}

/** `server/hls/playlist.ts` is of `hls`, `server/app.ts` of `app`. */
function folderOf(path: string): string | undefined {
  return /^server\/([^/.]+)/.exec(path)?.[1];
}

function folderRule(file: string, target: string | undefined): string | undefined {
  const from = folderOf(file);
  if (from === undefined || target === undefined) return undefined;
  const to = folderOf(target);
  if (to === undefined) return `the server imports ${target}, which is not of the server`;
  return mayImport(from, to) ? undefined : `${from} may not import ${to} (${target})`;
}

function mayImport(from: string, to: string): boolean {
  if (from === to || from === "main") return true;
  if (from in sideFolders) return sideFolders[from]?.includes(to) === true;
  if (to in sideFolders) return from === "app";
  const row = rows.findIndex((names) => names.includes(from));
  return row >= 0 && rows.slice(row + 1).some((names) => names.includes(to));
}

function pageRule(file: string, target: string | undefined, entry: Import): string | undefined {
  if (!file.startsWith("web/") || target?.startsWith("server/") !== true) return undefined;
  if (!isWire(target)) return `the page may import nothing of the server but types of ${wire}, and not ${target}`;
  return entry.typeOnly ? undefined : `the page may import only types of ${wire} (import type)`;
}

/** One line for each cycle that a depth-first walk closes. */
function cycles(readings: ReadonlyMap<string, Reading>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push(`${file}: cycle ${[...path.slice(start), file].join(" → ")}`);
    if (start >= 0 || done.has(file)) return;
    for (const next of importedFiles(file, readings)) walk(next, [...path, file]);
    done.add(file);
  };
  for (const file of readings.keys()) walk(file, []);
  return found;
}

function importedFiles(file: string, readings: ReadonlyMap<string, Reading>): string[] {
  const targets = (readings.get(file)?.imports ?? []).map(({ specifier }) => resolve(file, specifier));
  return [...new Set(targets)]
    .flatMap((target) => (target === undefined ? [] : [target, `${target}x`]))
    .filter((target) => readings.has(target));
}
