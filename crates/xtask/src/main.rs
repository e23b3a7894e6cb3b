//! Developer tasks, as `USAGE` lists them.
//! Not here: anything that the program itself needs; a release contains nothing of this crate.
// Printing is what a task is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod accuracy;
mod action;
mod args;
mod bench;
mod catalogue;
mod compare;
mod dependencies;
mod dist;
mod editors;
mod fuzz;
mod hooks;
mod measure;
mod notice;
mod npm;
mod plant;
mod playground;
mod process;
mod sarif;
mod scan;
mod test;
mod train;
mod vscode;

use std::process::ExitCode;

use crate::args::Args;

const USAGE: &str = "\
cargo xtask TASK

  test [--quick] [--only STAGE]
                             everything that CI runs; --quick is the inner loop (format, clippy, tests)
  accuracy [mutations | policies] [--show] [--json FILE] [--misses FILE] [--min-confidence C] [--seeds 7,1,2]
                             recall and false alarms on the acceptance data (KEYLINT_ACCEPTANCE, else ../shared/acceptance),
                             or one part of that; --show also lists each policy finding that differs
  bench [FOLDER] [--policies FOLDER]
                             throughput on one thread, policies a second (made ones, or the JSON files of a folder),
                             start-up, peak memory
  catalogue [--from FOLDER | --tables]
                             the AWS service catalogue from the newest sources; --tables packs only the tables kept by hand
  compare FOLDER [--rounds N] [--kingfisher]
                             keylint beside ripgrep, which counts lines with 100 keywords (others in each round), in
                             alternation over the same list: all files of the folder that hold no zero byte, and 50
                             planted secrets; keylint takes it from a file, ripgrep as arguments, in as few calls as
                             these permit. With --kingfisher also beside that, which walks the folder by its own rules
  dist [--unoptimised]       the WebAssembly module and the files of npm/keylint that are made from it
  fuzz [TARGET] [--seconds N] [--jobs N] [--blind [--seed N]]
                             long runs of the fuzz targets, all or one: with cargo-fuzz where it is installed, else blindly
  fuzz --replay              every corpus once, and hostile texts, as in the gate
  fuzz TARGET --input FILE   one input, such as one that a long run has kept in fuzz/artifacts
  notice FILE                NOTICE with the licences of all libraries in the program, as a release has it
  npm [--no-build]           the tests of npm/keylint, as in the gate
  train [--words]            the randomness model from the project's own texts; --words collects the word list anew first
  vsix FILE                  the extension for VS Code, packed
";

fn main() -> ExitCode {
    let mut args = Args::new(std::env::args().skip(1));
    let task = args.positional();
    let outcome = match task.as_deref() {
        Some("test") => test::run(args),
        Some("accuracy") => accuracy::run(args),
        Some("bench") => bench::run(args),
        Some("catalogue") => catalogue::run(args),
        Some("compare") => compare::run(args),
        Some("dist") => dist::run(args),
        Some("fuzz") => fuzz::run(args),
        Some("notice") => notice::run(args),
        Some("npm") => npm::run(args),
        Some("measure") => measure::run(args),
        Some("train") => train::run(args),
        Some("vsix") => vscode::run_task(args),
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
