//! Taking files in: one after the other, each as a picture, a mask, a kept collection or a refusal.

use fovea_shared::{
    gaze::{Scanpath, parse_csv},
    image::{Format, decode},
    plane::Mask,
    text_file,
};
use std::collections::BTreeMap;
use web_sys::File;

use super::{
    Own, keeping,
    picture_file::{bytes_of, file_of, measure, part_of, path_of, small_copy},
};
use crate::app::collection::{
    archive::{
        coco::Coco,
        folder::{COCO, GAZE, STUDENT},
        unpack::{Step, TAIL, Unpack},
    },
    item::Mark,
    names::stem,
    pairing::pair,
    shape::Shape,
};
use crate::{
    app::{
        incoming::{
            dicom::{self, is_dicom},
            kind::{Foreign, Kind},
            parcel::look,
            words::{foreign, names},
        },
        model::Handle,
    },
    errors::{self, of_file},
    protocol::{Blob, NamedFile},
    text::{Message, message},
};

/// Takes files in. Pictures that are not taken are named.
pub(super) async fn take_in(handle: &Handle<Own>, files: Vec<File>) {
    // What is kept from before comes first.
    keeping::load(handle).await;
    let of = files.len();
    let at = |done: usize| handle.update(|own, _| own.taking = Some((done, of)));
    at(0);
    let refuse = |file: &File, why: Message| handle.update(|own, _| own.collection.refuse(&file.name(), why));
    let mut pictures = Vec::new();
    for file in files {
        let found = look(&file).await;
        match found.kind {
            Kind::Foreign(Foreign::Format(Format::Zip)) => {
                if let Err(why) = open_zip(handle, &file).await {
                    refuse(&file, why);
                }
            }
            Kind::Foreign(kind) => refuse(&file, foreign(&found.name, kind)),
            _ if found.too_large => refuse(&file, message!("file-too-large", file = &found.name)),
            Kind::Gaze => refuse(&file, message!("own-gaze", file = &found.name)),
            Kind::Glances => refuse(&file, message!("own-glances", file = &found.name)),
            Kind::Picture | Kind::Dicom | Kind::Unknown => pictures.push(file),
        }
    }
    let paths: Vec<String> = pictures.iter().map(path_of).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let known = handle.read(|own, _| own.collection.items().iter().map(|item| item.file.clone()).collect::<Vec<_>>());
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let paired = pair(&paths, &known);
    for place in &paired.alone {
        refuse(&pictures[*place], message!("own-mask-alone", file = pictures[*place].name()));
    }
    for place in &paired.several {
        refuse(&pictures[*place], message!("own-masks-several", file = pictures[*place].name()));
    }
    let mut done = of - paired.pictures.len() - paired.masks.len();
    let mut middles = Vec::new();
    for place in &paired.pictures {
        at(done);
        done += 1;
        match take_picture(handle, &pictures[*place]).await {
            Ok(1) => {}
            Ok(_) => middles.push(pictures[*place].name()),
            Err(why) => refuse(&pictures[*place], why),
        }
    }
    for (place, name) in &paired.masks {
        at(done);
        done += 1;
        if let Err(why) = take_mask(handle, &pictures[*place], name).await {
            refuse(&pictures[*place], why);
        }
    }
    handle.update(|own, model| {
        own.taking = None;
        if !middles.is_empty() {
            let all: Vec<&str> = middles.iter().map(String::as_str).collect();
            model.show_message(message!("own-middle-frames", names = names(&all)));
        }
        own.go_on_taking();
    });
}

/// A picture. Its bytes are let go again; the browser holds the file. Of a DICOM file it holds the pixels as a PNG, and
/// nothing of the patient. Gives how many frames the file has.
async fn take_picture(handle: &Handle<Own>, file: &File) -> Result<usize, Message> {
    let mut bytes = bytes_of(file).await?;
    let (mut kept, mut frames) = (file.clone(), 1);
    if is_dicom(&bytes) {
        let picture = dicom::read(handle, bytes).await?;
        kept = file_of(&file.name(), &picture.png.0)?;
        frames = picture.frames;
        bytes = NamedFile { name: file.name(), bytes: picture.png };
    }
    let (extension, size) = measure(&bytes)?;
    let small = small_copy(&kept, size).await?;
    handle.update(|own, _| {
        let number = own.collection.add(&file.name(), extension, size);
        own.files.insert(number, kept);
        own.small.insert(number, small);
    });
    Ok(frames)
}

/// A mask of the picture whose file has this stem.
async fn take_mask(handle: &Handle<Own>, file: &File, name: &str) -> Result<(), Message> {
    let of =
        handle.read(|own, _| own.collection.with_stem(name).and_then(|number| own.collection.item(number).cloned()));
    let item = of.ok_or_else(|| message!("own-mask-alone", file = file.name()))?;
    let shape = read_mask(&bytes_of(file).await?)?;
    if (shape.width, shape.height) != item.size {
        let pixels = |(width, height): (u32, u32)| format!("{width} × {height}");
        let (mask, image) = (pixels((shape.width, shape.height)), pixels(item.size));
        return Err(of_file(&file.name(), message!("mask-size", mask = mask, image = image)));
    }
    handle.update(|own, _| own.collection.set_truth(item.number, shape));
    Ok(())
}

/// A mask file: inside where it is brighter than half of its brightest place, so 0 and 1 are a mask too.
fn read_mask(file: &NamedFile) -> Result<Shape, Message> {
    let image = decode(&file.bytes.0).map_err(|e| of_file(&file.name, errors::decode(&e)))?;
    let level = |pixel: &[u8; 3]| pixel.iter().copied().max().unwrap_or_default();
    let brightest = image.pixels().map(|pixel| level(&pixel.0)).max().unwrap_or_default();
    let inside = image.pixels().map(|pixel| u16::from(level(&pixel.0)) * 2 > u16::from(brightest)).collect();
    Ok(Shape::of_mask(&Mask::from_vec(image.width() as usize, image.height() as usize, inside)))
}

/// A ZIP that the page has saved.
async fn open_zip(handle: &Handle<Own>, file: &File) -> Result<(), Message> {
    let length = file.size() as u64;
    let tail = part_of(file, length.saturating_sub(TAIL), length).await?;
    let mut zip = Unpack::open(tail, length)?;
    let names = zip.names();
    let coco =
        names.iter().find(|name| name.ends_with(COCO)).ok_or_else(|| message!("own-zip-other", file = file.name()))?;
    let folder = coco.strip_suffix(COCO).unwrap_or_default().to_owned();
    let bytes = entry(&mut zip, file, coco).await?;
    let damaged = |cause: String| message!("own-zip-damaged", cause = cause);
    let coco: Coco = serde_json::from_slice(&bytes).map_err(|e| damaged(e.to_string()))?;
    let gaze = format!("{folder}{GAZE}");
    let gaze: BTreeMap<String, Scanpath> = if names.contains(&gaze) {
        let text = text_file::decode(&entry(&mut zip, file, &gaze).await?).map_err(|e| errors::text_file(&e))?;
        parse_csv(&text).map_err(|e| of_file(GAZE, errors::gaze_csv(&e)))?
    } else {
        BTreeMap::new()
    };
    let all = coco.items();
    let of = all.len();
    for (done, (name, mut item)) in all.into_iter().enumerate() {
        handle.update(|own, _| own.taking = Some((done, of)));
        let taken = async {
            let bytes = entry(&mut zip, file, &format!("{folder}images/{name}")).await?;
            let picture = file_of(&item.file, &bytes)?;
            let (extension, size) = measure(&NamedFile { name: item.file.clone(), bytes: Blob(bytes) })?;
            Ok::<_, Message>((small_copy(&picture, size).await?, picture, extension, size))
        };
        let (small, picture, extension, size) = match taken.await {
            Ok(taken) => taken,
            Err(why) => {
                handle.update(|own, _| own.collection.refuse(&name, why));
                continue;
            }
        };
        (item.extension, item.size) = (extension.into(), size);
        if let Some(path) = gaze.get(stem(&name)).filter(|path| !path.fixations.is_empty()) {
            item.mark = Mark::Glanced(path.fixations.clone());
        }
        handle.update(|own, _| {
            let number = own.collection.add_item(item);
            own.files.insert(number, picture);
            own.small.insert(number, small);
        });
    }
    let student = format!("{folder}{STUDENT}");
    if names.contains(&student) {
        let bytes = entry(&mut zip, file, &student).await?;
        handle.update(|own, _| own.work.keep_student(Blob(bytes)));
    }
    Ok(())
}

/// An entry of a ZIP, of which only the parts that are needed are read.
async fn entry(zip: &mut Unpack, file: &File, name: &str) -> Result<Vec<u8>, Message> {
    loop {
        match zip.read(name)? {
            Step::Done(bytes) => return Ok(bytes),
            Step::Needs(range) => {
                let bytes = part_of(file, range.start, range.end).await?;
                if bytes.is_empty() {
                    return Err(message!("own-zip-lacks", file = name));
                }
                zip.give(range.start, bytes);
            }
        }
    }
}
