//! Phantoms drawn in the browser are those drawn natively.
#![cfg(target_arch = "wasm32")]

use fovea_shared::description::Modality;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
fn seed_seven_is_the_same_as_natively() {
    const GOLDEN: [u32; 3] = include!("../../trainer/phantom/src/golden.in");
    assert_eq!(Modality::ALL.map(|modality| fovea_phantom::draw(modality, 7, 96, 80).checksum()), GOLDEN);
}
