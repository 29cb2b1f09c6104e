import type { ComponentChildren } from "preact";
import { useSignal } from "@preact/signals";

export interface InnerProps {
  readonly id: string;
  readonly title: string;
  readonly children: () => ComponentChildren;
}

/** A part of a card that opens and closes; begins closed. */
export function Inner({ id, title, children }: InnerProps) {
  const open = useSignal(false);
  return (
    <details
      class="inner"
      data-testid={id}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>
        <h3>{title}</h3>
      </summary>
      {open.value && children()}
    </details>
  );
}
