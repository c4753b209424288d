// The controls of a demo: their values as text, their problems, their defaults.

const valueOf = (field) => (field.type === 'checkbox' ? String(field.checked) : field.value);

function defaultOf(field) {
  if (field.type === 'checkbox') return String(field.defaultChecked);
  if (field instanceof HTMLSelectElement) {
    return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0]).value;
  }
  return field.defaultValue;
}

/** One control, or one of the two choices beside the buttons. */
class Control {
  constructor(box, name) {
    this.name = name;
    this.box = box;
    this.field = box.querySelector('input, textarea, select');
    this.output = box.querySelector('output');
    this.problem = box.querySelector('.problem');
    this.label = box.querySelector('label')?.textContent ?? name;
  }

  /** A `FilePlace`, where a file can take the place of what is typed. */
  file = null;

  get value() {
    return valueOf(this.field);
  }

  get default() {
    return defaultOf(this.field);
  }

  get isDefault() {
    return this.value === this.default;
  }

  /** Takes a text as its value; false if the field cannot hold it. */
  set(text) {
    if (this.field.type === 'checkbox') this.field.checked = text === 'true';
    else this.field.value = text;
    if (this.value === text) return true;
    this.reset();
    return false;
  }

  reset() {
    const value = this.default;
    if (this.field.type === 'checkbox') this.field.checked = value === 'true';
    else this.field.value = value;
  }

  /** Shows the value where the field itself does not. */
  refresh() {
    if (this.output) this.output.value = this.value;
  }

  /** What keeps the value from being sent at all, or an empty text. */
  fault() {
    const { field } = this;
    if (this.file?.chosen) return '';
    if (field.validity.badInput) {
      return `This is not a number: give a number from ${field.min} to ${field.max}.`;
    }
    const at = this.value.isWellFormed() ? -1 : loneSurrogate(this.value);
    if (at < 0) return '';
    return (
      `Character ${at + 1} is half of a character (a lone surrogate), which no text in ` +
      'UTF-8 can hold. Your text is kept: take that character out, and it runs.'
    );
  }

  /** Shows a problem beside the control, of its value or of a file; an empty text takes it away. */
  complain(message, ofFile = false) {
    if (!this.problem) return;
    this.problem.textContent = message;
    this.problem.hidden = !message;
    if (message && !ofFile) this.field.setAttribute('aria-invalid', 'true');
    else this.field.removeAttribute('aria-invalid');
    this.describe();
  }

  /** Names what stands beside the field and belongs to it. */
  describe() {
    const lines = [this.problem, this.file?.line].filter((line) => line && !line.hidden);
    if (lines.length > 0) this.field.setAttribute('aria-describedby', lines.map((line) => line.id).join(' '));
    else this.field.removeAttribute('aria-describedby');
  }
}

function loneSurrogate(text) {
  return text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
}

/** The controls of a demo by name. */
export function controls(form) {
  const boxes = [...form.querySelectorAll('.control')];
  return new Map(boxes.map((box) => [box.dataset.control, new Control(box, box.dataset.control)]));
}

/** The choices of what runs and where, by name: `subject`, `backend`. */
export function options(form) {
  const boxes = [...form.querySelectorAll('.subject, .backend')];
  return new Map(boxes.map((box) => [box.className, new Control(box, box.className)]));
}
