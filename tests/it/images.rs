//! What is in container images.
//! Not here: archives (`archives.rs`).

use crate::{
    pack::{gzip, tar},
    sandbox::{Sandbox, token},
};

fn leak(seed: u64) -> String {
    format!("token = \"{}\"\n", token(seed))
}

fn config(env: &str, history: &str) -> String {
    format!(
        "{{\"architecture\":\"amd64\",\"config\":{{\"Env\":[\"PATH=/bin\",\"API_TOKEN={env}\"],\"Labels\":{{\"a\":\"b\"}}}},\
         \"history\":[{{\"created_by\":\"/bin/sh -c #(nop)  ENV A=b\"}},\
         {{\"created_by\":\"RUN |1 TOKEN={history} /bin/sh -c make # buildkit\"}}],\
         \"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[\"sha256:{}\",\"sha256:{}\",\"sha256:{}\"]}}}}",
        "a1".repeat(32),
        "b2".repeat(32),
        "c3".repeat(32)
    )
}

/// Three layers: the second deletes a file of the first and replaces another.
fn layers() -> [Vec<u8>; 3] {
    [
        tar(&[
            ("etc/", b""),
            ("etc/deleted.conf", leak(1).as_bytes()),
            ("etc/replaced.conf", leak(2).as_bytes()),
            ("srv/app/kept.conf", leak(3).as_bytes()),
            ("opt/old/a.conf", leak(4).as_bytes()),
        ]),
        tar(&[("etc/.wh.deleted.conf", b""), ("etc/replaced.conf", b"clean\n"), ("opt/.wh.old", b"")]),
        tar(&[("root/.env", leak(5).as_bytes())]),
    ]
}

#[test]
fn what_docker_saves() {
    let config = config(&token(10), &token(11));
    let [one, two, three] = layers();
    let manifest = "[{\"Config\":\"cc.json\",\"RepoTags\":[\"app:1.0\"],\"Layers\":[\"1/layer.tar\",\"2/layer.tar\",\"3/layer.tar\"]}]";
    let image = tar(&[
        ("1/layer.tar", &one),
        ("2/layer.tar", &two),
        ("3/layer.tar", &three),
        ("cc.json", config.as_bytes()),
        ("manifest.json", manifest.as_bytes()),
    ]);
    let sandbox = Sandbox::new(&[]);
    sandbox.write("image.tar", &image);
    sandbox.write("image.tar.gz", &gzip(&image));
    for (name, lead) in [("image.tar", "image.tar!/"), ("image.tar.gz", "image.tar.gz!/")] {
        let ran = sandbox.keylint(&["image", name]).code(1);
        let at = |path: &str| format!("{lead}{path}");
        let (first, third) = ("a1".repeat(6), "c3".repeat(6));
        let ran = ran.says(&[
            &at(&format!("sha256:{first}/etc/deleted.conf:1:10")),
            "deleted by layer 2, but still in the image",
            &at(&format!("sha256:{first}/etc/replaced.conf:1:10")),
            "replaced by layer 2, but still in the image",
            &at(&format!("sha256:{first}/srv/app/kept.conf:1:10")),
            "in the final file system",
            &at(&format!("sha256:{third}/root/.env:1:10")),
            &format!("layer 3 of 3 of app:1.0, sha256:{}", "c3".repeat(32)),
            &at("sha256:cc/Env:2:11"),
            &at("sha256:cc/history:2:14"),
            "opt/old/a.conf",
        ]);
        let tokens: Vec<String> = (1..=11).map(token).collect();
        ran.hides(&tokens.iter().map(String::as_str).collect::<Vec<_>>());
    }
    // Each once.
    let json = sandbox.keylint(&["image", "image.tar", "--format", "json"]).code(1);
    assert_eq!(json.out.matches("\"rule\":").count(), 7, "{json:#?}");
    json.says(&["\"kind\":\"image\"", "\"origin\":\"archive\""]);
}

#[test]
fn oci_layouts() {
    let [one, two, three] = layers();
    let (one, two) = (gzip(&one), gzip(&two));
    let config = config(&token(10), "none");
    let manifest = "{\"config\":{\"digest\":\"sha256:c0\"},\"layers\":[{\"digest\":\"sha256:11\"},{\"digest\":\"sha256:22\"},\
        {\"digest\":\"sha256:33\"}]}";
    let index = "{\"manifests\":[{\"digest\":\"sha256:ee\",\"annotations\":{\"io.containerd.image.name\":\"x/y:2\"}}]}";
    let image = tar(&[
        ("oci-layout", b"{\"imageLayoutVersion\":\"1.0.0\"}"),
        ("index.json", index.as_bytes()),
        ("blobs/sha256/ee", manifest.as_bytes()),
        ("blobs/sha256/c0", config.as_bytes()),
        ("blobs/sha256/11", &one),
        ("blobs/sha256/22", &two),
        ("blobs/sha256/33", &three),
    ]);
    let sandbox = Sandbox::new(&[]);
    sandbox.write("oci.tar", &image);
    let ran = sandbox.keylint(&["image", "oci.tar"]).code(1);
    ran.says(&[
        "oci.tar!/sha256:11/etc/deleted.conf:1:10",
        "layer 1 of 3 of x/y:2, sha256:11: deleted by layer 2",
        "oci.tar!/sha256:33/root/.env",
        "oci.tar!/sha256:c0/Env:2:11",
    ]);
}

#[test]
fn broken_images() {
    let sandbox = Sandbox::new(&[]);
    sandbox.write("none.tar", &tar(&[("a.txt", leak(1).as_bytes())]));
    sandbox.keylint(&["image", "none.tar"]).code(1).says(&["none.tar!/a.txt:1:10", "no image"]);
    let manifest = "[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":[\"1/layer.tar\",\"2/layer.tar\"]}]";
    let [one, ..] = layers();
    let image = tar(&[("1/layer.tar", &one), ("manifest.json", manifest.as_bytes())]);
    sandbox.write("short.tar", &image);
    sandbox.keylint(&["image", "short.tar"]).code(1).says(&["short.tar!/2/layer.tar", "the layer is not in the file"]);
    for length in (0..image.len()).step_by(311) {
        sandbox.write("cut.tar", &image[..length]);
        let ran = sandbox.keylint(&["image", "cut.tar"]);
        assert!(matches!(ran.code, Some(1 | 3)), "{length}: {ran:#?}");
    }
    sandbox.keylint(&["image"]).code(2).warns(&["docker save"]);
    sandbox.keylint(&["image", "missing.tar"]).code(2);
    // What comes through a pipe is not taken for a clean image.
    sandbox.keylint_with(&["image", "-"], b"").code(2).warns(&["docker save"]);
}
