//! The command `redact`: standard input or a file, line by line, with placeholders for its secrets.
//! Not here: what a secret is, or how a text is cut (`keylint_engine::redact`).

use std::{
    fs::File,
    io::{self, Read, Write, stdin, stdout},
    path::Path,
    process::ExitCode,
};

use anyhow::Context;
use keylint_diagnostics::Confidence;

use crate::{
    args::RedactArgs,
    config_file::Scopes,
    place::{Here, tops},
};

/// How much is read at a time, at most; a pipe gives what it has.
const PIECE: usize = 64 << 10;

/// Runs `redact`.
pub(crate) fn run(args: &RedactArgs) -> anyhow::Result<ExitCode> {
    let file = args.file.as_deref().filter(|path| path.as_os_str() != "-");
    let here = Here::new()?;
    let folder = file.map_or_else(|| here.path().to_path_buf(), |path| here.folder_of(path));
    let scopes = Scopes::new(&args.rules, tops(&here, [folder.clone()]));
    let engine = scopes.of(&folder)?.engine;
    let least = args.min_confidence.unwrap_or(Confidence::Medium);
    let kind = kind(file.or(args.stdin_filename.as_deref()));
    let mut redactor = engine.redactor(&kind, least);

    let mut input: Box<dyn Read> = match file {
        Some(path) => Box::new(File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?),
        None => Box::new(stdin().lock()),
    };
    // Not buffered further: each piece is written at once, as soon as its lines are complete.
    let mut out = stdout().lock();
    let mut buffer = vec![0; PIECE];
    let mut text = Vec::new();
    loop {
        let length = match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error).context("cannot read the text to redact"),
        };
        redactor.push(&buffer[..length], &mut text);
        write(&mut out, &mut text)?;
    }
    redactor.finish(&mut text);
    write(&mut out, &mut text)?;
    Ok(ExitCode::SUCCESS)
}

fn write(out: &mut impl Write, text: &mut Vec<u8>) -> io::Result<()> {
    if !text.is_empty() {
        out.write_all(text)?;
        out.flush()?;
        text.clear();
    }
    Ok(())
}

/// A path of the same kind as `path`. Its folders and its stem say nothing here: a log called `test.log` is as secret
/// as any other.
fn kind(path: Option<&Path>) -> String {
    let name = path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match name.rsplit_once('.') {
        Some((_, extension)) => format!("input.{extension}"),
        None => name,
    }
}
