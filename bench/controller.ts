// Prints, as JSON, what deploying dev would upload for the cutover function and set as its variables.
import { controllerPackage, cutoverFunction } from "../test/support/lambda";

async function main() {
  const files = await controllerPackage();
  const { environment } = await cutoverFunction("dev");
  const { variables } = environment as { variables: { [name: string]: string } };
  console.log(JSON.stringify({ files, variables }));
}

main();
