import { controllerPackage } from "./lambda";

/** A program of its own: prints the controller's package as JSON. */
controllerPackage().then((files) => console.log(JSON.stringify(files)));
