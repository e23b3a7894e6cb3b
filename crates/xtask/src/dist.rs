//! `cargo xtask dist`: the WebAssembly modules, of the scanner with the files of the npm package that are made from it, and
//! of the language server. Not here: the tests of the package (`npm.rs`), or its JavaScript (`npm/keylint`).

pub(crate) mod node;
mod order;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::{Context, bail};

use crate::{
    action,
    args::Args,
    process::{cargo, root, run as run_command, target},
};

const TARGET: &str = "wasm32-unknown-unknown";
/// The cargo profile, in the root Cargo.toml.
const PROFILE: &str = "wasm";
/// What every engine of the last years has. `--all-features` would make a module that Node refuses.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];
/// Chromium refuses to compile a larger module at once on a page's main thread.
const MAX_RAW: usize = 8 << 20;
/// What a page has to fetch before it scans, at most.
const MAX_GZIP: usize = 900 << 10;

/// Builds everything and prints what it weighs.
pub(crate) fn run(mut args: Args) -> anyhow::Result<ExitCode> {
    let quick = args.switch("--unoptimised");
    args.finish()?;
    build(quick)?;
    build_server(quick)?;
    if !quick {
        action::bundle()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Where the package stands.
pub(crate) fn package() -> PathBuf {
    root().join("npm/keylint")
}

/// Builds the package's `dist`; `quick` leaves out `wasm-opt`, which takes most of the time of a second build.
pub(crate) fn build(quick: bool) -> anyhow::Result<()> {
    let out = package().join("dist");
    let tools = node::installed("npm/keylint/tools")?;
    let module = make("keylint-wasm", "keylint", &out, quick)?;
    let texts = keylint_rules::packed_texts();
    write(&out, "keylint.texts.bin", texts)?;
    let inline =
        format!("export const module = \"{}\";\nexport const texts = \"{}\";\n", base64(&module), base64(texts));
    write(&out, "bytes.js", inline.as_bytes())?;
    let types = fs::read(package().join("index.d.ts"))?;
    write(&out, "index.d.cts", &types)?;
    write(&out, "schema.json", &fs::read(root().join("share/keylint.schema.json"))?)?;
    write(&out, "report.schema.json", &fs::read(root().join("share/keylint-report.schema.json"))?)?;
    for name in ["LICENSE-APACHE", "LICENSE-MIT", "NOTICE"] {
        write(&out, name, &fs::read(root().join(name))?)?;
    }
    bundle(&tools, "require.js", "cjs", "node.cjs")?;
    bundle(&tools, "inline.js", "esm", "inline.js")?;
    bundle(&tools, "inline.js", "cjs", "inline.cjs")?;
    fs::remove_file(out.join("bytes.js"))?;

    let (raw, packed) = (module.len(), gzip(&out.join("keylint.wasm"))?);
    println!("keylint.texts.bin  {:>9} bytes, {:>8} gzip", texts.len(), gzip(&out.join("keylint.texts.bin"))?);
    if !quick && (raw >= MAX_RAW || packed > MAX_GZIP) {
        bail!("the module is too large: at most {MAX_RAW} bytes and {MAX_GZIP} with gzip");
    }
    Ok(())
}

/// Where the module of the language server stands.
pub(crate) fn server() -> PathBuf {
    root().join("npm/vscode/dist")
}

/// Builds the language server, which only editors fetch.
pub(crate) fn build_server(quick: bool) -> anyhow::Result<()> {
    make("keylint-lsp-wasm", "keylint-lsp", &server(), quick).map(drop)
}

/// Makes `NAME.wasm` and `NAME.js` of a package in `out`; gives the module.
fn make(package: &str, name: &str, out: &Path, quick: bool) -> anyhow::Result<Vec<u8>> {
    let work = target("dist");
    fs::create_dir_all(&work)?;
    fs::create_dir_all(out)?;
    bindings(&compile(package)?, &work, name)?;
    let bound = work.join(format!("{name}_bg.wasm"));
    let small = work.join(format!("{name}.wasm"));
    if quick {
        fs::copy(&bound, &small).map(drop)?
    } else {
        optimise(&node::installed("npm/keylint/tools")?, &bound, &small)?
    }
    let module = fs::read(&small)?;
    write(out, &format!("{name}.js"), &fs::read(work.join(format!("{name}.js")))?)?;
    write(out, &format!("{name}.wasm"), &module)?;
    println!("{:<18} {:>9} bytes, {:>8} gzip", format!("{name}.wasm"), module.len(), gzip(&small)?);
    Ok(module)
}

/// Compiles a module, without the texts that people read and without paths of this machine.
fn compile(package: &str) -> anyhow::Result<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::var_os("HOME").map(|home| Path::new(&home).join(".cargo")));
    // The new names say of what a function is an instance, which the order in the module goes by (`optimise`).
    let mut flags = vec![
        String::from("-Ctarget-feature=+simd128"),
        String::from("-Csymbol-mangling-version=v0"),
        format!("--remap-path-prefix={}=", root().display()),
    ];
    flags.extend(home.map(|home| format!("--remap-path-prefix={}=", home.display())));
    let mut build = cargo();
    build.args(["build", "--package", package, "--lib", "--target", TARGET, "--profile", PROFILE]);
    build.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}")).env("KEYLINT_TEXTS_APART", "1");
    run_command(&mut build)?;
    Ok(target(TARGET).join(PROFILE).join(format!("{}.wasm", package.replace('-', "_"))))
}

fn bindings(module: &Path, work: &Path, name: &str) -> anyhow::Result<()> {
    let mut bindgen = cargo();
    bindgen.args(["run", "--quiet", "--package", "keylint-xtask", "--features", "bindgen", "--bin", "xtask-bindgen"]);
    run_command(bindgen.arg("--").arg(module).arg(work).arg(name))
}

/// The least that `wasm-opt` does: what it does beyond makes the module shorter, and a fetch of it longer (`-Oz` by a tenth),
/// since gzip finds less that repeats. By name, the instances of one generic function stand near each other, which is worth a
/// sixth, and `order` brings what is alike together; data is left in one piece, since the thousands that it would be cut
/// into at its zeros all have a header.
fn optimise(tools: &Path, from: &Path, to: &Path) -> anyhow::Result<()> {
    let pass = |words: &[&str], from: &Path, to: &Path| {
        let mut optimise = node::command("node")?;
        optimise.arg(tools.join("node_modules/binaryen/bin/wasm-opt")).args(FEATURES).args(words);
        run_command(optimise.arg(from).arg("-o").arg(to))
    };
    let named = to.with_extension("named.wasm");
    let small =
        ["-g", "-O1", "--skip-pass=memory-packing", "--skip-pass=reorder-functions", "--reorder-functions-by-name"];
    pass(&small, from, &named)?;
    fs::write(&named, order::named(&fs::read(&named)?)?)?;
    pass(&["--reorder-functions-by-name", "--strip-debug", "--strip-producers"], &named, to)
}

/// Makes one file of an entry and what it imports.
fn bundle(tools: &Path, entry: &str, format: &str, name: &str) -> anyhow::Result<()> {
    let package = package();
    let mut esbuild = Command::new(tools.join("node_modules/.bin/esbuild"));
    esbuild.current_dir(&package).arg(format!("src/{entry}")).args(["--bundle", "--log-level=warning"]);
    esbuild.args([format!("--format={format}"), format!("--outfile=dist/{name}")]);
    // A newer target would turn base64 into `Uint8Array.fromBase64`, which Node 24 does not have.
    esbuild.args(["--target=es2022", if entry == "require.js" { "--platform=node" } else { "--platform=neutral" }]);
    run_command(&mut esbuild)
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
    let path = folder.join(name);
    fs::write(&path, bytes).with_context(|| format!("cannot write `{}`", path.display()))
}

/// The length of a file as `gzip -9` makes it.
fn gzip(path: &Path) -> anyhow::Result<usize> {
    let packed = Command::new("gzip").args(["-9", "--stdout"]).arg(path).output().context("cannot run `gzip`")?;
    if !packed.status.success() {
        bail!("`gzip` failed on `{}`", path.display());
    }
    Ok(packed.stdout.len())
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            let letter = char::from(LETTERS[(bits >> (18 - 6 * place)) as usize & 63]);
            out.push(if place <= group.len() { letter } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_that_of_the_rfc() {
        // RFC 4648, section 10.
        for (text, want) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(text.as_bytes()), want);
        }
    }
}
