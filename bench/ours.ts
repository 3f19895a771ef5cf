// Evaluates a stack and those it reads from, and prints how many resources of each type they have.
import { evaluateWithUpstream } from "../tools/evaluate/evaluate";

async function main(directory: string, stack: string) {
  const evaluations = await evaluateWithUpstream({ directory, stack });
  const stacks = evaluations.map(({ stack, resources }) => {
    const counts: { [type: string]: number } = {};
    for (const { type, custom, remote } of resources) {
      const kind = custom || remote ? type : "component";
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    return [stack, counts];
  });
  console.log(JSON.stringify(Object.fromEntries(stacks)));
}

main(process.cwd(), process.argv[2] ?? "prod");
