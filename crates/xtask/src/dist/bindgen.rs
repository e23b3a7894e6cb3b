//! A program of its own, `xtask-bindgen MODULE FOLDER NAME`: makes the JavaScript side of a WebAssembly module. Apart from the
//! other tasks since what it is built from takes long to compile. Not here: building or shrinking the module (`dist.rs`).
// A failure is said to whoever ran it.
#![allow(clippy::print_stderr)]

use std::{env, process::ExitCode};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let [module, folder, name] = &words[..] else {
        eprintln!("usage: xtask-bindgen MODULE FOLDER NAME");
        return ExitCode::from(2);
    };
    match generate(module, folder, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// One target for all hosts: the entry files of the package bring the module, so no path to it is guessed.
fn generate(module: &str, folder: &str, name: &str) -> anyhow::Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module).web(true)?.omit_default_module_path(true).typescript(false).remove_name_section(false);
    bindgen.remove_producers_section(true).out_name(name);
    bindgen.generate(folder)
}
