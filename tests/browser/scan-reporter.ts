// Adds up what the accessibility scans of all tests found, in one last line.

import type { Reporter, TestCase } from '@playwright/test/reporter';

export default class ScanReporter implements Reporter {
  readonly #tests: TestCase[] = [];

  onTestEnd(test: TestCase): void {
    this.#tests.push(test);
  }

  onEnd(): void {
    const sum = (type: string) =>
      this.#tests
        .flatMap((test) => test.results.flatMap((result) => result.annotations))
        .filter((annotation) => annotation.type === type)
        .reduce((total, { description }) => total + Number(description), 0);
    process.stdout.write(`scanned=${sum('scanned')} violations=${sum('violations')}\n`);
  }

  printsToStdio(): boolean {
    return true;
  }
}
