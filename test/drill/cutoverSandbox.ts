import { createHandler } from "../../lambdas/cutover/handler";
import { serveEvents } from "./sandbox";

/** A process of the function that moves the payments. */
serveEvents(createHandler(process.env));
