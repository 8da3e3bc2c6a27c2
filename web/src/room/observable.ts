/** A value that can be watched; made for React's useSyncExternalStore. */
export class Observable<Value extends object> {
  #value: Value;
  #listeners = new Set<() => void>();

  constructor(first: Value) {
    this.#value = first;
  }

  readonly get = (): Value => this.#value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  change(part: Partial<Value>): void {
    this.#value = { ...this.#value, ...part };
    for (const listener of this.#listeners) listener();
  }
}
