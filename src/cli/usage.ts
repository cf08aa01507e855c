/** Wrong usage or configuration: the text says what is wrong and what to do; exit code 64. */
export class UsageError extends Error {}

export const usage = `Runwatch: do the events of your AI agents reach their users?

Usage: runwatch <command> [options]

  check              open connections, trigger runs, judge them
    --config FILE    environments file (default public/environments.json)
    --env ID         environment of that file (default its first one)
    --runs N         runs to trigger in all (default one per connection)
    --connections N  connections to hold (default as the environment says)
    --capture FILE   write every record to FILE (.jsonl, or .jsonl.gz)
    --json           print the report as JSON
    --junit FILE     write the result as JUnit XML
    --require-proof  a pass needs the target to be proven
    --linger S       listen on for S seconds after the last run (default 2)
    --experiment reconnect
                     cut the connection of one run in its middle, and tell what became of it

  replay FILE        judge a capture again (.jsonl, .jsonl.gz, or - for standard input)
    --json           print the report as JSON

  report FILE        the Five-Whys report of a capture, as Markdown (FILE as for replay)
    --html FILE      write it to FILE as a page of its own, too
    --json           print it as JSON

  mock               run the bundled target
    --port P         (default 4180)
    --scenario NAME  what it does wrong (default demo)
    --seed N         the same seed gives the same faults (default 1)

Exit codes: 0 pass, 1 fail, 2 inconclusive, 64 wrong usage or configuration.`;
