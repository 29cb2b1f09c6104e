import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { closeSync, fchownSync, openSync, readFileSync, rmSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const form = /^[A-Za-z0-9_-]{32}$/;

/**
 * The one-time token that makes an administrator. It lies in the state folder, so that a command can say it again, and make
 * a new one for an administrator who forgot the password: whoever can write there may do everything anyway.
 */
export class SetUpToken {
  readonly #path: string;
  /** Where the folder cannot be written: for this run. */
  #unkept: string | null = null;
  /** What was used up in this run: its file may not go, but it counts no more. */
  #used: Buffer | null = null;

  constructor(state: string) {
    this.#path = join(state, "set-up.token");
  }

  /** The present one; null: there is none. */
  read(): string | null {
    try {
      const token = readFileSync(this.#path, "utf8").trim();
      const counts = form.test(token) && this.#used?.equals(digest(token)) !== true;
      return counts ? token : this.#unkept;
    } catch {
      return this.#unkept;
    }
  }

  /** The present one, or a new one. */
  readOrMake(): string {
    const present = this.read();
    if (present !== null) return present;
    const token = randomBytes(24).toString("base64url");
    try {
      this.#write(token);
    } catch {
      this.#unkept = token;
    }
    return token;
  }

  /** Made anew, and never through a link: the folder is the service's, and root may be who writes. */
  #write(token: string): void {
    rmSync(this.#path, { force: true });
    const file = openSync(this.#path, "wx", 0o600);
    try {
      writeFileSync(file, `${token}\n`);
      // Made by a command that root runs, it is still the service's to read.
      const { uid, gid } = statSync(dirname(this.#path));
      if (process.getuid?.() === 0) fchownSync(file, uid, gid);
    } finally {
      closeSync(file);
    }
  }

  /** Whether this is the present one. */
  fits(token: string): boolean {
    const present = this.read();
    return present !== null && timingSafeEqual(digest(present), digest(token));
  }

  /** It is used up. Errors of the file system are passed on. */
  remove(): void {
    const present = this.read();
    if (present !== null) this.#used = digest(present);
    this.#unkept = null;
    try {
      unlinkSync(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
