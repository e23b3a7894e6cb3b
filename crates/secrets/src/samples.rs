//! Credentials that standards show in their examples, and every library and document after them: they open nothing.
//! Not here: values that look made up (`judge.rs`), or sample JSON web tokens, which their claims tell (`structure.rs`).

use sha2::{Digest, Sha256};

/// The first eight bytes of a sample's SHA-256, by which it is known without standing here, and who published it; sorted.
const SAMPLES: &[(u64, &str)] = &[
    (0x00cf_4c78_1dc3_7003, "RFC 6749"),
    (0x13d3_1e96_1a1a_d8ec, "RFC 7636"),
    (0x2932_57ab_6495_ebb1, "RFC 5849"),
    (0x2c31_d647_d566_7058, "RFC 6749"),
    (0x2ff8_b0fb_93ac_a981, "RFC 5849"),
    (0x3e60_99e8_2cea_8b70, "RFC 6750"),
    (0x4c20_e6f5_cc11_b937, "RFC 5849"),
    (0x53f5_da0a_aa93_d64c, "RFC 6749"),
    (0x549c_9390_539e_fcfa, "RFC 6238"),
    (0x5586_4079_97f5_e849, "RFC 5849"),
    (0x584b_27d6_4ebc_1b33, "RFC 6749"),
    (0x649e_1f5c_769e_718b, "RFC 5849"),
    (0x687d_a00b_09c8_3361, "RFC 7617"),
    (0x6aa1_4267_d949_44e6, "RFC 5849"),
    (0x6c96_130f_130a_b0d6, "RFC 6749"),
    (0x80f8_b7c9_04d4_a43f, "RFC 5849"),
    (0xb87d_ad10_a32a_2d81, "RFC 5849"),
    (0xb8e1_4854_5b13_c78b, "RFC 6750"),
    (0xbb9b_1163_338b_2a51, "RFC 5849"),
    (0xbe0e_ebd1_8dd5_f2a6, "RFC 6749"),
    (0xc20f_bc2b_9618_3894, "RFC 5849"),
    (0xca74_59e2_b267_76de, "RFC 6749"),
    (0xcb87_c87e_4a13_8d9a, "RFC 5849"),
    (0xcf4d_418e_d3de_92d7, "RFC 7617"),
    (0xe997_4c50_7d2a_8021, "RFC 6749"),
];

/// Longest sample.
const LONGEST: usize = 64;

/// Who published `secret` as an example, if somebody did.
pub(crate) fn publisher(secret: &[u8]) -> Option<&'static str> {
    let start = Sha256::digest((secret.len() <= LONGEST).then_some(secret)?);
    let start = u64::from_be_bytes(start.first_chunk().copied()?);
    SAMPLES.binary_search_by_key(&start, |(sample, _)| *sample).ok().map(|at| SAMPLES[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_standards_publish_is_known() {
        assert!(SAMPLES.is_sorted_by(|a, b| a.0 < b.0));
        // The password of the resource owner in RFC 6749, 4.3.2, and another of its form.
        assert_eq!(publisher(&[b"A3dd".as_slice(), b"j3w"].concat()), Some("RFC 6749"));
        assert_eq!(publisher(b"A3ddj3v"), None);
    }
}
