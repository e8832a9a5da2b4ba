//! Files of pictures: their bytes, size and small copies. One is decoded at a time.

use fovea_shared::image::{Format, header};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, File, ImageBitmap, ImageBitmapOptions, ImageOrientation, ResizeQuality};

use crate::{
    app::{
        bundles::download,
        canvas::draw::{bitmap_canvas, context},
        elements::{js, window},
    },
    errors::{self, of_file},
    protocol::NamedFile,
    text::{Message, message},
};

/// Longest side of a small copy, in pixels.
const SMALL: u32 = 160;

// web-sys has no `webkitRelativePath` on `File`.
#[wasm_bindgen]
extern "C" {
    type WithPath;
    #[wasm_bindgen(method, getter, js_name = webkitRelativePath)]
    fn path(this: &WithPath) -> Option<String>;
}

/// The path of a file in the folder that was chosen; of any other file its name.
pub(super) fn path_of(file: &File) -> String {
    let path = file.unchecked_ref::<WithPath>().path();
    path.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name())
}

/// The bytes of a file.
pub(super) async fn bytes_of(file: &File) -> Result<NamedFile, Message> {
    download::own(file.clone(), 0).await.map(|request| request.file)
}

/// A part of a file.
pub(super) async fn part_of(file: &Blob, start: u64, end: u64) -> Result<Vec<u8>, Message> {
    let unread = |error| message!("file-unreadable", file = "ZIP", cause = js::text(error));
    let part = file.slice_with_f64_and_f64(start as f64, end as f64).map_err(unread)?;
    let buffer = JsFuture::from(part.array_buffer()).await.map_err(unread)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// A file of these bytes.
pub(super) fn file_of(name: &str, bytes: &[u8]) -> Result<File, Message> {
    let parts = Array::of1(&Uint8Array::from(bytes));
    File::new_with_u8_array_sequence(&parts, name)
        .map_err(|error| message!("file-unreadable", file = name, cause = js::text(error)))
}

/// Extension and upright size of a picture.
pub(super) fn measure(file: &NamedFile) -> Result<(&'static str, (u32, u32)), Message> {
    let bytes = &file.bytes.0;
    let head = header(bytes).map_err(|e| of_file(&file.name, errors::decode(&e)))?;
    let extension = match bytes.as_slice() {
        [0xff, 0xd8, ..] => "jpg",
        [0x89, b'P', ..] => "png",
        [b'R', b'I', b'F', b'F', ..] => "webp",
        _ => {
            let format = Format::of(bytes).map_or_else(|| message!("own-kind-unknown"), errors::format);
            return Err(message!("own-not-picture", file = &file.name, format = format));
        }
    };
    let [width, height] = head.upright();
    Ok((extension, (width, height)))
}

/// A small copy of a picture of this size, as a JPEG in a `data:` address.
pub(super) async fn small_copy(file: &File, (width, height): (u32, u32)) -> Result<String, Message> {
    let failed = |error: JsValue| message!("own-broken", file = file.name(), cause = js::text(error));
    let scale = f64::from(SMALL) / f64::from(width.max(height).max(1));
    let side = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    let size = (side(width), side(height));
    let options = ImageBitmapOptions::new();
    options.set_resize_width(size.0);
    options.set_resize_height(size.1);
    options.set_resize_quality(ResizeQuality::Medium);
    options.set_image_orientation(ImageOrientation::FromImage);
    let bitmap = window().create_image_bitmap_with_blob_and_image_bitmap_options(file, &options).map_err(failed)?;
    let bitmap: ImageBitmap = JsFuture::from(bitmap).await.map_err(failed)?.unchecked_into();
    let canvas = bitmap_canvas(size)?;
    let drawing: CanvasRenderingContext2d = context(&canvas)?;
    let (width, height) = (f64::from(size.0), f64::from(size.1));
    let drawn = drawing.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width, height);
    bitmap.close();
    drawn.map_err(failed)?;
    canvas.to_data_url_with_type("image/jpeg").map_err(failed)
}
