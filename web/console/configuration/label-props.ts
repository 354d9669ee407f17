/** The parts that every kind of input has. */
export interface LabelProps {
  readonly label: string;
  readonly description?: string;
  readonly error?: string;
  readonly required?: boolean;
  readonly disabled: boolean;
}
