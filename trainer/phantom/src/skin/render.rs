//! From skin and lesion to light, and from light to bytes.

use image::RgbImage;

use super::super::camera::{Finish, finish};
use super::super::filter::blur;
use super::super::math::{V3, exp, pow, smoothstep, v3};
use super::super::noise::noise3;
use super::super::random::Draws;
use super::ground::Ground;
use super::lesion::Lesion;
use super::optics::Optics;
use super::pigment::Pigment;

/// Entries of the tone curve's table.
const CURVE_STEPS: usize = 4096;

/// A lit piece of skin, row by row.
pub(super) struct Light {
    /// Linear RGB.
    pub(super) rgb: Vec<V3>,
    /// The same without sparks and, later, without what lies over it. Developed, its colour as displayed, 0..1.
    pub(super) tissue: Vec<V3>,
    /// The pixels within the lesion's outline and the opening.
    pub(super) inside: Vec<bool>,
}

/// Lights every pixel.
pub(super) fn render(optics: &Optics, ground: &Ground, lesion: &Lesion, pigment: &Pigment, draws: &mut Draws) -> Light {
    let pixels = optics.width * optics.height;
    let gloss = if draws.chance(0.35) { draws.range(0.1, 0.9) } else { 0.0 };
    let seed = draws.bits();
    let mut light =
        Light { rgb: vec![V3::default(); pixels], tissue: vec![V3::default(); pixels], inside: vec![false; pixels] };
    for i in 0..pixels {
        let p = optics.place(i % optics.width, i / optics.width);
        let (skin, furrow) = ground.at(p, i);
        let d = lesion.distance(p);
        light.inside[i] = (d < 0.0 || pigment.streaked(i)) && optics.open(p) > 0.5;
        let relief = if pigment.dome > 0.0 && d < 0.0 { dome(lesion, optics, p, d, pigment.dome) } else { 1.0 };
        let colour = pigment.over(ground, skin, lesion, p, d, i);
        let tissue = colour.times(optics.light(p)) * (relief * (1.0 - furrow));
        light.tissue[i] = tissue;
        light.rgb[i] = if gloss > 0.0 { tissue.mix(v3(0.9, 0.9, 0.93), spark(p, furrow, gloss, seed)) } else { tissue };
    }
    light
}

/// How much brighter a raised lesion is towards the lamp: by its slope, which is steepest near its foot.
fn dome(lesion: &Lesion, optics: &Optics, p: (f32, f32), d: f32, strength: f32) -> f32 {
    let step = 0.05 * lesion.radius();
    let slope = ((lesion.distance((p.0 + step, p.1)) - d) / step, (lesion.distance((p.0, p.1 + step)) - d) / step);
    let steep = exp(d / (0.3 * lesion.radius())) * smoothstep(0.0, -0.06 * lesion.radius(), d);
    1.0 + strength * steep * (slope.0 * optics.lamp.0 + slope.1 * optics.lamp.1).clamp(-1.2, 1.2)
}

/// Sparks on some regions, where fine ridges face the lamp and no furrow runs.
fn spark(p: (f32, f32), furrow: f32, gloss: f32, seed: u32) -> f32 {
    let region = smoothstep(0.1, 0.6, noise3(v3(p.0 * 0.35, p.1 * 0.35, 1.0), seed ^ 1));
    if region <= 0.0 {
        return 0.0;
    }
    let ridge = noise3(v3(p.0 * 6.5, p.1 * 9.0, 9.0), seed) + 0.5 * noise3(v3(p.0 * 15.0, p.1 * 12.0, 5.0), seed);
    0.55 * gloss * region * smoothstep(0.55, 0.95, ridge - 2.0 * furrow)
}

/// Blurs, tones and samples the light to bytes. Tones the tissue too.
pub(super) fn develop(light: &mut Light, optics: &Optics, draws: &mut Draws) -> RgbImage {
    let (width, height) = (optics.width, optics.height);
    let scale = (width.min(height) as f32 / 450.0).max(0.3);
    let sigma = scale * if draws.chance(0.15) { draws.range(1.0, 1.7) } else { draws.range(0.4, 0.85) };
    let contrast = draws.range(0.92, 1.3);
    let curve: Vec<f32> =
        (0..CURVE_STEPS).map(|i| pow((i as f32 + 0.5) / CURVE_STEPS as f32, contrast / 2.2)).collect();
    let tone = |v: f32| curve[((v * CURVE_STEPS as f32) as usize).min(CURVE_STEPS - 1)];
    let toned = |c: &V3| v3(tone(c.x), tone(c.y), tone(c.z));
    light.tissue = light.tissue.iter().map(toned).collect();
    let sharp: Vec<V3> = blur(&light.rgb, width, height, (sigma, sigma)).iter().map(toned).collect();
    let how = Finish { width: 1.6 * scale, enhance: draws.range(0.1, 0.9), noise: draws.range(0.003, 0.014) };
    finish(&sharp, (width, height), &how, |x, y| optics.open(optics.place(x, y)), draws)
}
