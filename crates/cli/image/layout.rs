//! What the JSON files in an image say of its layers: `docker save` of all ages, and OCI image layouts.
//! Not here: reading them from the file.
//!
//! The formats: <https://github.com/moby/docker-image-spec/blob/main/spec.md>,
//! <https://github.com/opencontainers/image-spec/blob/main/image-layout.md>.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Indexes in indexes: two levels are usual, and a cycle must end.
const MAX_NESTED: usize = 4;
/// Digits of a digest that tell layers apart, as docker shows them.
const SHORT: usize = 12;

/// The files of an image that are not layers.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// JSON files, by path.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// Links and where they point: one layer may stand for several.
    pub(super) links: BTreeMap<String, String>,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Image {
    /// Its tag, else its digest.
    pub(super) name: String,
    /// The path of its configuration.
    pub(super) config: String,
    /// Its layers, the lowest first.
    pub(super) layers: Vec<Layer>,
}

/// A layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layer {
    /// Its path in the file.
    pub(super) path: String,
    /// Its digest, as the manifest names it.
    pub(super) digest: String,
}

/// The images in a file.
#[derive(Debug, Default)]
pub(super) struct Images(Vec<Image>);

impl Images {
    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The digest of the layer at `path`, if it is one.
    pub(super) fn layer(&self, path: &str) -> Option<&str> {
        self.0
            .iter()
            .flat_map(|image| &image.layers)
            .find(|layer| layer.path == path)
            .map(|layer| layer.digest.as_str())
    }

    /// The digest of the configuration at `path`, if it is one.
    pub(super) fn config(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|image| image.config == path).map(|image| image.config.as_str())
    }

    /// Whether the file at `path` says of one layer what the configuration says of all, as docker 1.9 wanted it.
    pub(super) fn is_old_copy(&self, path: &str) -> bool {
        let Some(folder) = path.strip_suffix("/json").or_else(|| path.strip_suffix("/VERSION")) else { return false };
        folder.len() == 64 && folder.bytes().all(|byte| byte.is_ascii_hexdigit())
    }

    /// The paths of all layers.
    pub(super) fn layers(&self) -> impl Iterator<Item = &str> {
        let paths: BTreeSet<&str> =
            self.0.iter().flat_map(|image| &image.layers).map(|layer| layer.path.as_str()).collect();
        paths.into_iter()
    }

    /// The images with the layer at `path`.
    pub(super) fn with_layer(&self, path: &str) -> impl Iterator<Item = &Image> {
        self.0.iter().filter(move |image| image.layers.iter().any(|layer| layer.path == path))
    }
}

impl Layout {
    /// The images that the files name, each once.
    pub(super) fn images(&self) -> Images {
        let mut images = Images::default();
        if let Some(Value::Array(list)) = self.json("manifest.json") {
            list.iter().filter_map(|entry| self.saved(entry)).for_each(|image| images.add(image));
        }
        if let Some(index) = self.json("index.json") {
            self.index(&index, 0, &mut images);
        }
        images
    }

    /// An entry of docker's `manifest.json`.
    fn saved(&self, entry: &Value) -> Option<Image> {
        let config = clean(entry["Config"].as_str()?);
        let tag = entry["RepoTags"][0].as_str();
        let configuration = self.json(&config).unwrap_or_default();
        let layers = entry["Layers"].as_array()?.iter().filter_map(Value::as_str).enumerate().map(|(number, path)| {
            let path = self.followed(clean(path));
            let whole = configuration["rootfs"]["diff_ids"][number].as_str();
            let digest = of_blob(&path).or_else(|| whole.map(str::to_string)).unwrap_or_else(|| path.clone());
            Layer { path, digest }
        });
        Some(Image { name: tag.map_or_else(|| short(&config), str::to_string), layers: layers.collect(), config })
    }

    /// An OCI index, with the indexes that it names.
    fn index(&self, index: &Value, depth: usize, images: &mut Images) {
        let Some(list) = index["manifests"].as_array() else { return };
        for entry in list {
            let Some(path) = entry["digest"].as_str().and_then(blob) else { continue };
            let Some(manifest) = self.json(&path) else { continue };
            if manifest["manifests"].is_array() && depth < MAX_NESTED {
                self.index(&manifest, depth + 1, images);
            } else if let Some(image) = self.manifest(entry, &path, &manifest) {
                images.add(image);
            }
        }
    }

    /// An OCI manifest.
    fn manifest(&self, entry: &Value, path: &str, manifest: &Value) -> Option<Image> {
        let config = blob(manifest["config"]["digest"].as_str()?)?;
        // What a builder attests of an image looks like one, but its layers are JSON files.
        let attests = |layer: &&Value| !layer["mediaType"].as_str().is_some_and(|kind| kind.ends_with("+json"));
        let layers = manifest["layers"].as_array()?.iter().filter(attests).filter_map(|layer| {
            let digest = layer["digest"].as_str()?;
            Some(Layer { path: blob(digest)?, digest: digest.into() })
        });
        let layers: Vec<Layer> = layers.collect();
        if layers.is_empty() {
            return None;
        }
        let named = ["io.containerd.image.name", "org.opencontainers.image.ref.name"];
        let name = named.iter().find_map(|key| entry["annotations"][*key].as_str());
        Some(Image { name: name.map_or_else(|| short(path), str::to_string), config, layers })
    }

    fn json(&self, path: &str) -> Option<Value> {
        serde_json::from_slice(self.files.get(path)?).ok()
    }

    /// Where a path leads, over links.
    fn followed(&self, path: String) -> String {
        let mut path = path;
        for _ in 0..MAX_NESTED {
            let Some(target) = self.links.get(&path) else { break };
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            path = joined(folder, target);
        }
        path
    }
}

impl Images {
    fn add(&mut self, image: Image) {
        if self.0.iter().all(|known| known.config != image.config || known.layers != image.layers) {
            self.0.push(image);
        }
    }
}

/// A path without what makes no difference at its front and end.
pub(super) fn clean(path: &str) -> String {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix('/')) {
        path = rest;
    }
    path.trim_end_matches('/').into()
}

fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts.join("/")
}

/// Where the blob of a digest stands.
fn blob(digest: &str) -> Option<String> {
    let (algorithm, digits) = digest.split_once(':')?;
    Some(format!("blobs/{algorithm}/{digits}"))
}

/// The digest of a blob.
fn of_blob(path: &str) -> Option<String> {
    let (algorithm, digits) = path.strip_prefix("blobs/")?.split_once('/')?;
    Some(format!("{algorithm}:{digits}"))
}

/// A digest, or the path of what has one, as people are shown it.
pub(super) fn short(digest: &str) -> String {
    let known = of_blob(digest);
    let digest = known.as_deref().unwrap_or(digest);
    let digest = digest.strip_suffix("/layer.tar").or_else(|| digest.strip_suffix(".json")).unwrap_or(digest);
    let (algorithm, digits) = digest.split_once(':').unwrap_or(("sha256", digest));
    format!("{algorithm}:{}", digits.chars().take(SHORT).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(files: &[(&str, &str)], links: &[(&str, &str)]) -> Layout {
        let pair = |(path, text): &(&str, &str)| (path.to_string(), text.as_bytes().to_vec());
        let link = |(path, target): &(&str, &str)| (path.to_string(), target.to_string());
        Layout { files: files.iter().map(pair).collect(), links: links.iter().map(link).collect() }
    }

    #[test]
    fn reads_what_docker_saves() {
        let manifest = r#"[{"Config":"c.json","RepoTags":["app:1"],"Layers":["a/layer.tar","b/layer.tar"]}]"#;
        let config = r#"{"rootfs":{"diff_ids":["sha256:aa","sha256:bb"]}}"#;
        let links = [("b/layer.tar", "../a/layer.tar")];
        let images = layout(&[("manifest.json", manifest), ("c.json", config)], &links).images();
        let Images(list) = &images;
        let layer = |digest: &str| Layer { path: "a/layer.tar".into(), digest: digest.into() };
        assert_eq!(list[0].layers, [layer("sha256:aa"), layer("sha256:bb")]);
        assert_eq!((list[0].name.as_str(), images.config("c.json")), ("app:1", Some("c.json")));
    }

    #[test]
    fn reads_oci_indexes_in_indexes() {
        let index = r#"{"manifests":[{"digest":"sha256:1","annotations":{"org.opencontainers.image.ref.name":"x"}}]}"#;
        let inner = r#"{"manifests":[{"digest":"sha256:2"},{"digest":"sha256:1"},{"digest":"sha256:9"}]}"#;
        let manifest = r#"{"config":{"digest":"sha256:3"},"layers":[{"digest":"sha256:4"},{"digest":"x"}]}"#;
        let files = [("index.json", index), ("blobs/sha256/1", inner), ("blobs/sha256/2", manifest)];
        let Images(list) = layout(&files, &[]).images();
        assert_eq!(list.len(), 1);
        assert_eq!(list[0].config, "blobs/sha256/3");
        assert_eq!(list[0].layers, [Layer { path: "blobs/sha256/4".into(), digest: "sha256:4".into() }]);
    }

    #[test]
    fn nonsense_is_no_image() {
        for text in ["", "{", "[]", "[1]", "{\"manifests\":[{}]}", "[{\"Config\":1}]"] {
            assert!(layout(&[("manifest.json", text), ("index.json", text)], &[]).images().is_empty(), "{text}");
        }
    }

    #[test]
    fn digests_are_shortened() {
        assert_eq!(short("blobs/sha256/0123456789abcdef"), "sha256:0123456789ab");
        assert_eq!(short("sha512:0123456789abcdef"), "sha512:0123456789ab");
        assert_eq!(short("0123456789abcdef.json"), "sha256:0123456789ab");
        assert_eq!(joined("a/b", "../../c/./d"), "c/d");
    }
}
