// The controls of a demo: values as text, validation, defaults.

/** @param {Field} field @returns {field is HTMLInputElement} */
const isCheckbox = (field) => field.type === 'checkbox';

/** @param {Field} field */
const isFile = (field) => field.type === 'file';

/** @param {Field} field */
function defaultOf(field) {
  if (isCheckbox(field)) return String(field.defaultChecked);
  if (field instanceof HTMLSelectElement) {
    return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value;
  }
  return field.defaultValue;
}

export class Control {
  /** @param {HTMLElement} box @param {string} [name] */
  constructor(box, name = '') {
    this.name = name;
    this.box = box;
    this.field = /** @type {Field} */ (box.querySelector('input, textarea, select'));
    this.output = box.querySelector('output');
    this.problem = box.querySelector('.problem');
    this.label = box.querySelector('label')?.textContent ?? name;
  }

  /** @type {Editor | null} */
  editor = null;
  /** @type {FilePicker | null} */
  file = null;

  get value() {
    return isCheckbox(this.field) ? String(this.field.checked) : this.field.value;
  }

  get default() {
    return defaultOf(this.field);
  }

  get isDefault() {
    return this.value === this.default;
  }

  /** Resets the field and returns false if it cannot hold the text. @param {string} text */
  set(text) {
    this.assign(text);
    if (this.value === text) return true;
    this.reset();
    return false;
  }

  reset() {
    this.assign(this.default);
  }

  /** @param {string} text */
  assign(text) {
    if (isCheckbox(this.field)) this.field.checked = text === 'true';
    else if (!isFile(this.field)) this.field.value = text;
  }

  /** Updates what is shown beside the field: a slider's value, line numbers. */
  refresh() {
    if (this.output) this.output.value = this.value;
    this.editor?.updateText();
  }

  /** Why the value cannot be sent to the worker, or an empty text. */
  validate() {
    const { field } = this;
    if (this.file?.chosen) return '';
    if (field instanceof HTMLInputElement && field.validity.badInput) {
      return `This is not a number: give a number from ${field.min} to ${field.max}.`;
    }
    const at = this.value.isWellFormed() ? -1 : loneSurrogate(this.value);
    if (at < 0) return '';
    return (
      `Character ${at + 1} is half of a character (a lone surrogate), which no text in ` +
      'UTF-8 can hold. Your text is kept: take that character out, and it runs.'
    );
  }

  /** An empty text hides the last error. @param {string} error */
  showError(error, ofFile = false) {
    if (!this.problem) return;
    if (error) this.unfold();
    this.problem.textContent = error;
    this.problem.hidden = !error;
    if (error && !ofFile) this.field.setAttribute('aria-invalid', 'true');
    else this.field.removeAttribute('aria-invalid');
    this.updateDescription();
  }

  /** Opens the fold that it is in, if any. */
  unfold() {
    this.box.closest('details')?.setAttribute('open', '');
  }

  updateDescription() {
    const lines = [this.problem, this.file?.line].flatMap((line) => (line && !line.hidden ? line.id : []));
    if (lines.length > 0) this.field.setAttribute('aria-describedby', lines.join(' '));
    else this.field.removeAttribute('aria-describedby');
  }
}

/** @param {string} text */
function loneSurrogate(text) {
  return text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
}

/** @param {Control[]} controls */
const byName = (controls) => new Map(controls.map((control) => [control.name, control]));

/** @param {HTMLElement} form */
export function findControls(form) {
  return byName([...form.querySelectorAll('.control')].map((box) => new Control(box, box.dataset.control)));
}

/** The options `subject` and `backend`, if any. @param {HTMLElement} form */
export function findOptions(form) {
  return byName(
    [...form.querySelectorAll('.subject, .backend')].map((box) => new Control(box, box.className)),
  );
}
