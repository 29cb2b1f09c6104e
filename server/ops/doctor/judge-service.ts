/** Judgements on programs, ports, rights and the service itself. Pure. */
import { broken, good, unknownFinding, warning, type Finding } from "./finding.js";

/** A program that was asked for its version. `version` null: it said nothing that looks like one. */
export type ProgramFacts =
  | { readonly found: false; readonly program: string }
  | { readonly found: true; readonly program: string; readonly version: string | null };

/** The first number of a dotted version. */
const majorOf = (version: string): number => Number.parseInt(version, 10);

export function judgeProgram(facts: ProgramFacts, oldest: number, debianPackage: string): Finding {
  const subject = debianPackage;
  const install = `sudo apt-get install ${debianPackage}`;
  if (!facts.found) return broken(subject, `${facts.program} is not installed`, install);
  const { program, version } = facts;
  if (version === null) return unknownFinding(subject, `${program} does not say its version`);
  return majorOf(version) < oldest
    ? warning(subject, `${version} is older than ${oldest}, the oldest that is tested`, install)
    : good(subject, version);
}

/** One encoder of ffmpeg, tried on a second of our own kind of picture. */
export interface EncoderTrial {
  readonly encoder: string;
  readonly works: boolean;
  /** How long it took, or why it does not work. */
  readonly said: string;
}

/** `setting`: what stream.encoder is. `taken`: what that comes to. */
export function judgeEncoder(setting: string, taken: string, trials: readonly EncoderTrial[]): Finding {
  const subject = "encoder";
  const told = trials.map(({ encoder, said }) => `${encoder}: ${said}`).join("; ");
  const works = trials.find(({ encoder }) => encoder === taken)?.works === true;
  if (works) return good(subject, `${setting} takes ${taken} (${told})`);
  const mend = setting === "h264_v4l2m2m" ? "set stream.encoder to auto" : "sudo apt-get install --reinstall ffmpeg";
  return broken(subject, `${taken} does not encode a second of a picture (${told})`, mend);
}

export interface PortFacts {
  /** Setting that names it. */
  readonly key: string;
  readonly port: number;
  /** `taken`: by whom, in words; empty where that cannot be told. `refused`: why it is not ours to take, and what mends it. */
  readonly state:
    | { readonly kind: "free" }
    | { readonly kind: "taken"; readonly by: string }
    | { readonly kind: "refused"; readonly why: string; readonly mend: string };
}

export function judgePort({ key, port, state }: PortFacts, serviceAnswers: boolean): Finding {
  const subject = `port ${port} (${key})`;
  switch (state.kind) {
    case "free":
      return good(subject, "free");
    case "refused":
      return broken(subject, state.why, state.mend);
    case "taken":
      if (serviceAnswers) return good(subject, `held by Smart Toggle${state.by}`);
      return broken(subject, `taken${state.by}`, `sudo ss -ltnp 'sport = :${port}'`);
  }
}

/** `answers`: a controller of ours, on its port. `live`: there is a picture; null: it could not be asked. */
export type ServiceFacts =
  | { readonly answers: false; readonly unit: string | null }
  | { readonly answers: true; readonly live: boolean; readonly why: string };

export function judgeService(facts: ServiceFacts): Finding {
  const subject = "service";
  if (!facts.answers) {
    if (facts.unit === null)
      return warning(subject, "it does not run, and is not installed", "make run, or: sudo make install");
    if (facts.unit === "inactive") return warning(subject, "it does not run", "sudo systemctl start smart-toggle");
    return broken(subject, `it does not answer; systemd says ${facts.unit}`, "journalctl -u smart-toggle -n 50");
  }
  return facts.live
    ? good(subject, "it answers, and its picture is live")
    : broken(subject, `it answers, but no picture is live: ${facts.why}`, "journalctl -u smart-toggle -n 50");
}

/** What the user of the service may do with one path. */
export interface AccessFacts {
  readonly path: string;
  readonly kind: "folder" | "device";
  readonly allowed: boolean;
  /** Group of the file, where membership would help. */
  readonly group: string | null;
}

export interface RightsFacts {
  /** Whose rights these are. */
  readonly user: string;
  readonly paths: readonly AccessFacts[];
}

export function judgeRights({ user, paths }: RightsFacts): Finding {
  const subject = "permissions";
  const refused = paths.filter(({ allowed }) => !allowed);
  const [first] = refused;
  if (first === undefined) return good(subject, `${user} may use all of ${paths.length} folders and devices`);
  return broken(subject, `${user} may not use ${refused.map(({ path }) => path).join(", ")}`, mendRight(user, first));
}

/** Of a device that is root's alone: Raspberry Pi's rules of udev give cameras and their memory to the group video. */
function mendRight(user: string, { path, kind, group }: AccessFacts): string {
  if (group !== null) return `sudo usermod -aG ${group} ${user}, then: sudo systemctl restart smart-toggle`;
  return kind === "folder"
    ? `sudo chown -R ${user} ${path}`
    : "sudo apt-get install raspberrypi-sys-mods && sudo reboot";
}
