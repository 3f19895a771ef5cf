import * as readline from "node:readline";
import { Complaint } from "./complaint";

/** Where a person is asked: what they type comes in, and questions go where no result is expected. */
export interface Dialog {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
}

/** Whether there is somebody to ask. */
export function isSomebodyThere({ input, output }: Dialog): boolean {
  return input.isTTY === true && output.isTTY === true;
}

/** What a person types. Throws a complaint when they leave, by Ctrl-C or Ctrl-D. */
export function askPerson({ input, output }: Dialog, question: string): Promise<string> {
  const reader = readline.createInterface({ input, output });
  return new Promise((resolve, reject) => {
    let answer: string | undefined;
    reader.once("close", () => {
      if (answer === undefined) {
        output.write("\n");
        reject(new Complaint("Nothing was sent."));
      } else resolve(answer);
    });
    reader.question(question, (typed) => {
      answer = typed.trim();
      reader.close();
    });
  });
}
