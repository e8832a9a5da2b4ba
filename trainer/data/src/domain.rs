//! What images show, asked for where nobody has said it: a guess would choose words, levels of
//! pseudo-masks and a bundle.

/// Nothing says what some images show.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "nothing says what {images} show: write \"modality\": \"polyp\", \"skin_lesion\" or \"prostate\" into \
     {file}{whole}. Commands with --modality take it from there too"
)]
pub struct UnknownDomain {
    images: String,
    file: String,
    whole: &'static str,
}

impl UnknownDomain {
    /// Of the images of a data set in `folder`.
    pub fn of_folder(folder: &std::path::Path) -> Self {
        let folder = folder.display();
        Self {
            images: format!("the images in {folder}"),
            file: format!("{folder}/{}", super::info::FILE),
            whole: " (the whole file is {\"format\": 1, \"name\": \"NAME\", \"modality\": \"polyp\"})",
        }
    }

    /// Of one image, whose data set is not at hand.
    pub fn of_image(image: &std::path::Path) -> Self {
        Self {
            images: format!("images like {}", image.display()),
            file: format!("the {} of their data set", super::info::FILE),
            whole: " (the whole file is {\"format\": 1, \"name\": \"NAME\", \"modality\": \"polyp\"})",
        }
    }

    /// Of the images of a run from before that was written down.
    pub fn of_run(run: &std::path::Path) -> Self {
        let run = run.display();
        Self { images: format!("the images of the run {run}"), file: format!("{run}/run.json"), whole: "" }
    }
}
