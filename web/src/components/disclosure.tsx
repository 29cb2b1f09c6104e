import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";

export interface DisclosureProps {
  readonly id: string;
  readonly title: string;
  /** The gist, seen while it is closed too. */
  readonly digest?: ComponentChildren;
  /** Closed at first on every screen: for what is seldom wanted. */
  readonly startsClosed?: boolean;
  readonly children: () => ComponentChildren;
}

/** On a phone everything below the picture begins closed: the page stays short. */
const startsOpen = (): boolean => !matchMedia("(max-width: 699px)").matches;

/** A card that opens and closes; what is in it exists only while it is open. */
export function Disclosure({ id, title, digest, startsClosed = false, children }: DisclosureProps) {
  const open = useSignal(!startsClosed && startsOpen());
  return (
    <details
      class="card disclosure"
      data-testid={id}
      open={open.value}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>
        <h2>{title}</h2>
        {digest !== undefined && <small class="digest">{digest}</small>}
      </summary>
      {open.value && <div class="disclosure-body">{children()}</div>}
    </details>
  );
}
