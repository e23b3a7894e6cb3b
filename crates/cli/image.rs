//! The command `image`: scans what `docker save` and other tools write of container images: the configuration, the
//! history and every layer, also files that a later layer deletes or replaces.
//! Not here: reading archives (`archive.rs`), or what the JSON files in an image say (`image/layout.rs`).

mod configuration;
mod layers;
mod layout;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::Path,
};

use keylint_diagnostics::{Evidence, EvidenceKind, SkipKind};

use crate::{
    archive::{Entry, Session, Type, inside},
    place::shown,
    read,
    scan::{Outcome, Shared, Worker},
};

use self::{
    layers::{Fate, Layers},
    layout::{Images, Layout},
};

/// Configurations, manifests and indexes are a few KiB; longer ones are refused by registries
/// (<https://github.com/opencontainers/distribution-spec/blob/main/spec.md>, 4 MiB).
const MAX_JSON: u64 = 4 << 20;
/// Bytes of such files that are kept, of all images in a file.
const MAX_ALL_JSON: usize = 64 << 20;

/// Scans the image files.
pub(crate) fn scan<'a>(shared: &Shared, files: impl Iterator<Item = &'a Path>) -> Outcome {
    let mut worker = Worker::new(shared);
    for path in files {
        if let Err(error) = scan_file(shared, &mut worker, path) {
            worker.skip(path, SkipKind::Incomplete, read::reason(&error));
        }
        if worker.failed() {
            break;
        }
    }
    worker.finish()
}

fn scan_file(shared: &Shared, worker: &mut Worker<'_>, path: &Path) -> io::Result<()> {
    let size = {
        let metadata = path.metadata()?;
        if let Some(reason) = read::irregular(&metadata.file_type()) {
            return Err(io::Error::other(reason));
        }
        metadata.len()
    };
    let folder = shared.here.folder_of(path);
    // The files that say what is a layer may stand behind the layers, so the image is read twice.
    let layout = {
        let mut session = Session::new(worker, &folder, &shown(path), size);
        let mut file = File::open(path)?;
        let mut layout = Layout::default();
        session.guarded(|session| layout = read_layout(session, &mut file));
        // What is wrong with the file is said in the second pass.
        if session.spent() {
            session.finish();
            return Ok(());
        }
        layout
    };
    let images = layout.images();
    let mut session = Session::new(worker, &folder, &shown(path), size);
    if images.is_empty() {
        let name = session.name().to_string();
        session.skip(&name, SkipKind::Incomplete, "no image: it has neither `manifest.json` nor `index.json`");
    }
    let mut file = File::open(path)?;
    session.guarded(|session| scan_entries(session, &layout, &images, &mut file));
    session.finish();
    Ok(())
}

/// Reads the JSON files and links of an image.
fn read_layout(session: &mut Session<'_, '_>, file: &mut File) -> Layout {
    let mut layout = Layout::default();
    let mut bytes = 0;
    let before = session.worker().outcome().skipped.len();
    let name = session.name().to_string();
    session.each_packed_entry(&name, file, &mut |_, entry, body| {
        let path = layout::clean(&entry.path);
        if entry.kind == Type::Link {
            layout.links.insert(path, entry.target.clone());
        } else if entry.kind == Type::File
            && bytes < MAX_ALL_JSON
            && let Some(text) = json(body)
        {
            bytes += text.len();
            layout.files.insert(path, text);
        }
    });
    session.worker().outcome().skipped.truncate(before);
    layout
}

/// The content of a file, if it may be JSON.
fn json(body: &mut dyn Read) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    body.take(64).read_to_end(&mut text).ok()?;
    if !matches!(text.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return None;
    }
    body.take(MAX_JSON).read_to_end(&mut text).ok()?;
    (text.len() as u64 <= MAX_JSON).then_some(text)
}

/// Where something was found: the number of the document, the layer, and the path in it.
struct Place {
    found: usize,
    layer: String,
    path: String,
}

fn scan_entries(session: &mut Session<'_, '_>, layout: &Layout, images: &Images, file: &mut File) {
    let name = session.name().to_string();
    let mut layers: BTreeMap<String, Layers> = BTreeMap::new();
    let mut places = Vec::new();
    session.each_packed_entry(&name, file, &mut |session, entry, body| {
        let path = layout::clean(&entry.path);
        if entry.kind != Type::File {
            return;
        }
        if let Some(digest) = images.layer(&path) {
            let own = layers.entry(path.clone()).or_default();
            scan_layer(
                session,
                &inside(&name, &layout::short(digest)),
                body,
                |found, inner| {
                    places.extend(found.map(|found| Place { found, layer: path.clone(), path: inner.to_string() }));
                },
                own,
            );
        } else if let (Some(digest), Some(text)) = (images.config(&path), layout.files.get(&path)) {
            scan_configuration(session, &inside(&name, &layout::short(digest)), text);
        } else if images.is_old_copy(&path) {
            session.skip(&inside(&name, &path), SkipKind::Excluded, "a part of the configuration, for old tools");
        } else {
            session.member(&inside(&name, &entry.path), body, 1);
        }
    });
    for missing in images.layers().filter(|path| !layers.contains_key(*path)) {
        session.skip(&inside(&name, missing), SkipKind::Incomplete, "the layer is not in the file");
    }
    for place in places {
        for image in images.with_layer(&place.layer) {
            let text = remark(image, &layers, &place);
            if let Some(found) = session.worker().outcome().found.get_mut(place.found) {
                for diagnostic in found.pieces.iter_mut().flat_map(|piece| &mut piece.diagnostics) {
                    diagnostic.evidence.push(Evidence { kind: EvidenceKind::Context, text: text.clone() });
                }
            }
        }
    }
}

fn scan_layer(
    session: &mut Session<'_, '_>,
    name: &str,
    input: &mut dyn Read,
    mut note: impl FnMut(std::ops::Range<usize>, &str),
    layers: &mut Layers,
) {
    session.each_packed_entry(name, input, &mut |session, entry: &Entry, body| {
        let path = layout::clean(&entry.path);
        layers.note(&path, entry.kind != Type::Other);
        if entry.kind == Type::File {
            let before = session.worker().outcome().found.len();
            session.member(&format!("{name}/{path}"), body, 1);
            note(before..session.worker().outcome().found.len(), &path);
        }
    });
    layers.finish();
}

fn scan_configuration(session: &mut Session<'_, '_>, name: &str, text: &[u8]) {
    for (part, extension, text) in configuration::documents(text) {
        session.made(&format!("{name}/{part}"), extension, &text);
    }
}

/// In which layer something is, and what became of it.
fn remark(image: &layout::Image, layers: &BTreeMap<String, Layers>, place: &Place) -> String {
    let count = image.layers.len();
    let own = image.layers.iter().position(|layer| layer.path == place.layer).unwrap_or(0);
    let digest = image.layers.get(own).map_or("", |layer| layer.digest.as_str());
    let later = image.layers.iter().enumerate().skip(own + 1);
    let fate = later
        .filter_map(|(number, layer)| Some((number + 1, layers.get(&layer.path)?.fate(&place.path)?)))
        .map(|(number, fate)| match fate {
            Fate::Deleted => format!("deleted by layer {number}, but still in the image"),
            Fate::Replaced => format!("replaced by layer {number}, but still in the image"),
        })
        .next()
        .unwrap_or_else(|| "in the final file system".into());
    format!("layer {} of {count} of {}, {digest}: {fate}", own + 1, image.name)
}
