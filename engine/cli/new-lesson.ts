/**
 * Makes a new lesson: six beats that build, a worked example, and a bank of questions. What is to be written in it begins with "Fill in".
 *
 *   npm run new:lesson -- <slug>
 *
 * The slug is that of a lesson in the plan (src/course.ts), with or without its number; any other is added to the plan's last part.
 */
import { command } from './command.ts';
import { makeLesson } from './new/make-lesson.ts';

await command(async () =>
  console.log(await makeLesson(new URL('../../', import.meta.url).pathname, process.argv.slice(2))),
);
