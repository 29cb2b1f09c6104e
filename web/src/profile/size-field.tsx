import { useSignal } from "@preact/signals";
import { text } from "../i18n/text.js";
import { frameRates } from "./choices.js";
import { NumberField, SelectField } from "./fields.js";
import { useForm } from "./form-state.js";
import { presetOf, presets } from "./presets.js";

/** Size and rate: one of the usual ones, or any other. */
export function SizeField() {
  const t = text.value;
  const { prefix, draft, change } = useForm();
  const wantsOther = useSignal(false);
  const preset = wantsOther.value ? null : presetOf(draft);
  return (
    <>
      <fieldset class="presets">
        <legend>{t.fieldSize}</legend>
        {presets.map((choice) => (
          <PresetChoice
            key={choice.width}
            group={`${prefix}-size`}
            checked={preset === choice}
            onChoose={() => {
              wantsOther.value = false;
              change(choice);
            }}
          >
            {`${choice.width}\u00a0×\u00a0${choice.height}, ${choice.fps}\u00a0${t.unitFps}`}
          </PresetChoice>
        ))}
        <PresetChoice
          group={`${prefix}-size`}
          checked={preset === null}
          onChoose={() => {
            wantsOther.value = true;
          }}
        >
          {t.sizeCustom}
        </PresetChoice>
      </fieldset>
      {preset === null && <OtherSize />}
    </>
  );
}

function OtherSize() {
  const t = text.value;
  return (
    <>
      <NumberField name="width" label={t.fieldWidth} />
      <NumberField name="height" label={t.fieldHeight} />
      <SelectField
        name="fps"
        label={t.fieldFps}
        unit={t.unitFps}
        options={frameRates.map((rate) => ({ value: String(rate), label: String(rate) }))}
      />
    </>
  );
}

interface PresetChoiceProps {
  group: string;
  checked: boolean;
  onChoose: () => void;
  children: string;
}

function PresetChoice({ group, checked, onChoose, children }: PresetChoiceProps) {
  return (
    <label class="preset">
      <input type="radio" name={group} checked={checked} onChange={onChoose} />
      <span>{children}</span>
    </label>
  );
}
