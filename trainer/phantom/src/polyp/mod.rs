//! Colonoscopy frames: a bent, folded bowel in three dimensions with one polyp on its wall, lit from beside the lens.
//!
//! The road of a frame: [`colon`] and [`lesion`] are distance fields, [`camera`] finds what each ray meets, [`tissue`]
//! says what colour and relief it has, [`render`] lights it, and [`optics`] and [`sensor`] make of the light what an
//! endoscope's processor shows. Folds, bulges, bubbles, mucus and highlights are drawn for their own sake: they look
//! like polyps in one respect or another, so that neither brightness nor colour alone tells where the polyp is.

mod camera;
mod colon;
mod hit;
mod lesion;
mod optics;
mod render;
mod sensor;
mod tissue;
mod truth;
mod vessels;

use self::camera::{Camera, Scene, march, normal};
use self::colon::Colon;
use self::lesion::Lesion;
use self::optics::Aperture;
use self::tissue::Tissue;
use super::Phantom;
use super::math::sin;
use super::random::Draws;
use fovea_shared::gaze::{Observer, simulate};
use fovea_shared::plane::Mask;

/// The share of the frame that the polyp's mask covers.
const AREA: (f32, f32) = (0.05, 0.45);

/// A colonoscopy frame with one polyp, drawn from `seed`; `width` and `height` in pixels, 480 x 400 looks its best.
///
/// The polyp is sessile, pedunculated, flat or lobulated, anywhere in the frame and sometimes cut by its edge. The
/// mask holds exactly the pixels where the ray meets the polyp before anything else, **head and stalk alike**, and
/// covers 5 to 45 % of the frame. Mucus, bubbles and the processor's figures may lie over the polyp and stay in its
/// mask, as a clinician would outline it; the black surround never does. The gaze is [`simulate`]d by an eye tracker
/// from the mask.
///
/// The same seed and size give the same bytes on every platform.
///
/// # Panics
/// When `width` or `height` is below 16: a smaller frame cannot show a polyp.
pub fn polyp(seed: u64, width: u32, height: u32) -> Phantom {
    assert!(width >= 16 && height >= 16, "a phantom needs at least 16x16 pixels, not {width}x{height}");
    let (width, height) = (width as usize, height as usize);
    let aperture = Aperture::draw(&mut Draws::new(seed, 1), width, height);
    let (scene, camera) = stage(seed, &aperture);
    let tissue = Tissue::draw(&mut Draws::new(seed, 3));
    let mut light = render::render(&scene, &camera, &tissue, &aperture);
    let mut draws = Draws::new(seed, 4);
    sensor::expose(&mut light, &aperture, &mut draws);
    sensor::bubbles(&mut light, &mut draws);
    let image = sensor::develop(&mut light, &aperture, &mut draws);
    let drawn = truth::Drawn { form: scene.lesion.form, aperture: &aperture, light: &light };
    let description = truth::describe(&drawn, &image);
    let mask = Mask::from_vec(width, height, light.lesion);
    let gaze = simulate(&mask, Observer::EyeTracker, seed);
    Phantom { image, mask, gaze, description }
}

/// A bowel, a camera in it and a polyp that covers a suitable share of the frame.
fn stage(seed: u64, aperture: &Aperture) -> (Scene, Camera) {
    // The best so far, by how far its share lies outside the wanted range.
    let mut best: Option<(f32, Scene, Camera)> = None;
    for attempt in 0.. {
        let mut draws = Draws::new(seed, 100 + attempt);
        let colon = Colon::draw(&mut draws);
        let camera = Camera::draw(&mut draws, &colon);
        // Polyps of a data set are small more often than large.
        let u = draws.unit();
        let wanted = 0.06 + 0.34 * u * u;
        if let Some((scene, share)) = place(&mut draws, colon, &camera, aperture, wanted) {
            // Kept clear of the limits, because the share is measured on a coarse grid.
            let miss = (share - share.clamp(AREA.0 * 1.12, AREA.1 * 0.96)).abs();
            if best.as_ref().is_none_or(|(least, ..)| miss < *least) {
                best = Some((miss, scene, camera));
            }
        }
        if let Some((miss, ..)) = &best
            && (*miss == 0.0 || attempt >= 40)
        {
            break;
        }
    }
    let (_, scene, camera) = best.expect("the loop ends with a stage only");
    (scene, camera)
}

/// Puts a polyp where a random pixel looks at and scales it until it covers about `wanted` of the frame. Also returns
/// the share it then covers, or `None` when the pixel shows no wall fit for a polyp.
fn place(draws: &mut Draws, colon: Colon, camera: &Camera, aperture: &Aperture, wanted: f32) -> Option<(Scene, f32)> {
    // A fold across the lens shows nothing else.
    if colon.distance(camera.eye) < 0.22 {
        return None;
    }
    let (x, y) = (draws.unit() * aperture.width as f32, draws.unit() * aperture.height as f32);
    if aperture.open(x as usize, y as usize) < 1.0 {
        return None;
    }
    let ray = aperture.ray(camera, x, y);
    let wall = |p| colon.distance(p);
    let t = march(wall, camera.eye, ray, 0.02, 0.0)?;
    let base = camera.eye + ray * t;
    let normal = normal(wall, base, 0.05);
    if !(0.3..4.0).contains(&t) || normal.dot(ray) > -0.15 {
        return None;
    }
    let pixels = (aperture.width * aperture.height) as f32;
    let angle = (wanted * pixels / std::f32::consts::PI).sqrt() * aperture.angle_per_pixel(camera);
    let size = t * sin(angle.min(0.9));
    let lesion = Lesion::draw(draws, base, normal, size);
    let mut scene = Scene { colon, lesion };
    let mut share = 0.0;
    for _ in 0..5 {
        // Not so large that it fills the lumen or reaches the lens.
        scene.lesion.size = scene.lesion.size.clamp(0.02, if scene.lesion.form.stands() { 0.4 } else { 0.75 });
        while scene.lesion.distance(camera.eye) < 0.16 && scene.lesion.size > 0.03 {
            scene.lesion.size *= 0.85;
        }
        share = measure(&scene, camera, aperture);
        let miss = wanted / share.max(0.01);
        if (0.85..1.18).contains(&miss) {
            break;
        }
        scene.lesion.size *= miss.sqrt().clamp(0.6, 1.5);
    }
    Some((scene, share))
}

/// The share of the frame that the polyp covers, on a grid of about 1500 rays.
fn measure(scene: &Scene, camera: &Camera, aperture: &Aperture) -> f32 {
    let step = ((aperture.width * aperture.height) as f32 / 1500.0).sqrt().max(1.0);
    let (mut hits, mut rays) = (0, 0);
    let mut y = step / 2.0;
    while y < aperture.height as f32 {
        let mut x = step / 2.0;
        while x < aperture.width as f32 {
            rays += 1;
            let ray = aperture.ray(camera, x, y);
            if aperture.open(x as usize, y as usize) > 0.5
                && scene.may_meet_lesion(camera.eye, ray)
                && let Some(t) = march(|p| scene.distance(p), camera.eye, ray, 0.02, 0.0)
                && scene.lesion_at(camera.eye + ray * t).0
            {
                hits += 1;
            }
            x += step;
        }
        y += step;
    }
    hits as f32 / rays as f32
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::math::{V3, v3};
    use super::super::testing;
    use super::lesion::Form;
    use super::*;
    use fovea_shared::description::{Field, Modality, Source, measured::measure};
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::LazyLock;

    /// Small frames keep the tests short; the geometry is the same at every size.
    const SMALL: (u32, u32) = (96, 80);

    fn small(seed: u64) -> Phantom {
        polyp(seed, SMALL.0, SMALL.1)
    }

    /// The phantoms of seeds 0 to 49, drawn once for all tests.
    static FIFTY: LazyLock<Vec<Phantom>> = LazyLock::new(|| (0..50).map(small).collect());

    #[test]
    fn masks_cover_five_to_forty_five_percent() {
        let shares = testing::shares(&FIFTY);
        assert!(shares[0] >= 0.045 && shares[49] <= 0.455, "{shares:?}");
        assert!(shares[5] < 0.11 && shares[45] > 0.2, "small and large polyps: {shares:?}");
    }

    #[test]
    fn the_dark_surround_is_never_polyp() {
        for (seed, phantom) in FIFTY.iter().enumerate() {
            let aperture = Aperture::draw(&mut Draws::new(seed as u64, 1), SMALL.0 as usize, SMALL.1 as usize);
            for (i, inside) in phantom.mask.data.iter().enumerate() {
                assert!(!inside || aperture.open(i % phantom.mask.width, i / phantom.mask.width) > 0.5);
            }
        }
    }

    #[test]
    fn every_form_occurs() {
        let form = |seed| Lesion::draw(&mut Draws::new(seed, 0), V3::default(), v3(0.0, 0.0, 1.0), 1.0).form;
        let forms: Vec<Form> = (0..60).map(form).collect();
        for wanted in [Form::Sessile, Form::Pedunculated, Form::Flat, Form::Lobulated] {
            assert!(forms.contains(&wanted), "{wanted:?}");
        }
    }

    #[test]
    fn what_was_drawn_is_described() {
        let mut words: BTreeMap<Field, BTreeSet<&str>> = BTreeMap::new();
        for (seed, phantom) in FIFTY.iter().enumerate() {
            let d = &phantom.description;
            assert!(d.source == Source::Drawn && d.check().is_ok());
            for (field, word) in d.iter() {
                words.entry(field).or_default().insert(word.name);
            }
            let aperture = Aperture::draw(&mut Draws::new(seed as u64, 1), SMALL.0 as usize, SMALL.1 as usize);
            let form = stage(seed as u64, &aperture).0.lesion.form;
            let paris = d.get(Field::Paris).map(|w| w.name);
            assert_eq!(paris == Some("0-Ip"), form == Form::Pedunculated, "seed {seed}");
            assert_eq!(paris == Some("0-IIa"), form == Form::Flat, "seed {seed}");
            // Geometry is that of the true mask.
            let measured = measure(&phantom.image, &phantom.mask, Modality::Polyp);
            for field in [Field::Location, Field::Size, Field::Shape] {
                assert!(d.get(field) == measured.get(field) && d.get(field).is_some(), "seed {seed}: {field:?}");
            }
            let all = [Field::Count, Field::Border, Field::Colour, Field::Contrast, Field::Edge, Field::Cover];
            assert!(all.iter().all(|field| d.get(*field).is_some()), "seed {seed}: {d:?}");
            assert!(d.get(Field::Texture).is_none() && d.get(Field::Nice).is_none());
        }
        // A truth that is always the same would test nothing.
        for (field, least) in [
            (Field::Location, 6),
            (Field::Size, 3),
            (Field::Shape, 3),
            (Field::Border, 2),
            (Field::Colour, 3),
            (Field::Contrast, 3),
            (Field::Edge, 2),
            (Field::Cover, 2),
            (Field::Paris, 3),
        ] {
            assert!(words[&field].len() >= least, "{field:?}: {:?}", words[&field]);
        }
    }

    #[test]
    fn brightness_alone_does_not_tell_where_the_polyp_is() {
        let mean = testing::best_threshold(&FIFTY, true);
        assert!(mean < 0.55, "{mean}");
    }

    #[test]
    #[should_panic(expected = "at least 16x16")]
    fn a_frame_without_room_is_refused() {
        polyp(1, 15, 100);
    }
}
