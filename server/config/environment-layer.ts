import { readJson } from "./json-text.js";
import { valueFromText } from "./key-type.js";
import { layerOf, mergeLayers, unknownKey, type Layer } from "./layer.js";
import { childOf, settingTree, type SettingNode } from "./setting-keys.js";

const prefix = "SMART_TOGGLE__";

/** FIRST_FRAME_MS → firstFrameMs */
function toCamelCase(name: string): string {
  return name.toLowerCase().replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * What the environment says. `SMART_TOGGLE__SWITCH__FIRST_FRAME_MS` is `switch.firstFrameMs`: two underscores part
 * the names, one parts the words of a name. Lists and objects are JSON. A variable of this prefix that is no key is a
 * problem, for it is a misspelt one.
 */
export function readEnvironmentLayer(env: NodeJS.ProcessEnv): Layer {
  const ours = Object.entries(env).filter(([name]) => name.toUpperCase().startsWith(prefix));
  // Deeper names last: http.port stands above an object given for the whole of http.
  ours.sort(([a], [b]) => a.split("__").length - b.split("__").length);
  return mergeLayers(ours.map(([name, text]) => readVariable(name, text ?? "")));
}

function readVariable(variable: string, text: string): Layer {
  const names = variable.slice(prefix.length).split("__").map(toCamelCase);
  const path = names.join(".");
  let node: SettingNode | undefined = settingTree;
  for (const name of names) node = node === undefined ? undefined : childOf(node, name);
  if (node === undefined) return { entries: [], problems: [unknownKey(path, text, variable)] };
  if (node.kind === "key") return layerOf(valueFromText(node, text), variable, node, path);
  const reading = readJson(text);
  return layerOf(reading.ok ? reading.value : text, variable, node, path);
}
