//! The app on the real `index.html`: another language, at once and without losing anything.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used)]

mod stand;

use fovea_shared::description::{Field, Source};
use stand::{OVAL, Stand, change, chips, choose, click, js, said, seen, text, toggle, wait};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

fn content(selector: &str) -> String {
    text(&format!("document.querySelector('{selector}').textContent"))
}

/// What must be the same in every language.
fn kept() -> String {
    text(
        "JSON.stringify((({fixations, selected, canUndo, canRedo, layers, dice, student, size}) =>
            [fixations, selected, canUndo, canRedo, layers, dice, student, size])(fovea.state()))",
    )
}

#[wasm_bindgen_test]
async fn the_language_changes_at_once_and_nothing_is_lost() {
    let stand = Stand::described().await;
    click(100.0, 200.0);
    stand.expect(&format!("look 1 after 0{OVAL}"));
    stand.seen("alone");
    stand.described_as(vec![said(Source::Measured, &[(Field::Location, "upper_left"), (Field::Shape, "oval")], None)]);
    stand.expect(&format!("look 1{OVAL} after 0{OVAL}"));
    stand.seen("click");
    let (asked, before) = (stand.recorder.sent.borrow().len(), kept());
    let whole = || [".top", "#phrases", "#add-phrase", "#model-facts", "#differs"].map(content);
    let english = whole();

    choose("#language", "zh");
    assert_eq!(text("[document.documentElement.lang, fovea.state().language]"), "zh-Hans,zh");
    assert_eq!(content("#status"), "页面现已切换为中文。", "the change is announced");
    assert_eq!(content("#undo span"), "撤销");
    assert_eq!(text("document.querySelector('#undo').title"), "撤销（Ctrl+Z）");
    assert_eq!(chips(), "位置：左上; 形状：椭圆形");
    assert_eq!(content("#phrases [data-field=shape] option[value=round]"), "圆形");
    assert_eq!(content("#add-phrase option"), "选择要添加的短语");
    assert_eq!(content("#sentence"), "息肉：位置左上，形状椭圆形。");
    assert_eq!(content("#description-source"), "由注视和像素测得，未用语言模型");
    assert_eq!(content("#description-confidence"), "置信度低：40 %");
    assert!(content("#source").starts_with("您的图像，不离开此标签页"));
    assert!(content("#student-note").contains("随机种子") && content("#model-facts").contains("训练数据"));
    assert!(content("#selfcheck").contains("与参考值一致") && content("#timing-click").contains("画出掩膜"));
    assert!(content("#device").contains("已核验"));
    assert_eq!(text("document.querySelector('[for=strategy-afc] b').textContent"), "AFC", "elements stay elements");
    // What the bundle says is marked as what it is.
    assert_eq!(text("document.querySelector('#text-verdict').lang"), "en");
    assert_eq!(content("#text-verdict"), "It was found to listen.");
    assert_eq!((kept(), stand.recorder.sent.borrow().len()), (before.clone(), asked));

    // What is done next is said in the new language, and what was done before can be undone.
    toggle("shape");
    stand.expect(&format!("look 1 location=upper_left after{OVAL}"));
    stand.answer_last(seen("off", vec![], change(40, 8)));
    assert!(content("#status").starts_with("已关闭“形状：椭圆形”。教师网络勾画了图像的 25 %，Dice 0.75。"));
    assert_eq!(content("#change-what"), "不再读取“形状：椭圆形”。");
    js("", "document.querySelector('#undo').click()", &[]);
    stand.expect(&format!("look 1{OVAL} after location=upper_left"));
    stand.seen("click");
    js("", "document.querySelector('#undo').click()", &[]);
    stand.expect(&format!("look 0{OVAL} after 1{OVAL}"));
    stand.seen("oval");
    assert!(content("#status").starts_with("已撤销，当前：没有注视点。没有注视时，教师网络勾画了图像的"));
    js("", "document.querySelector('#redo').click()", &[]);
    stand.seen("click");

    choose("#language", "en");
    assert_eq!(content("#status"), "The page is in English now.");
    assert_eq!(chips(), "Location: upper left; Shape: oval");
    assert_eq!(content("#sentence"), "An oval polyp, in the upper left of the image.");
    assert_eq!(whole(), english);
    assert_eq!(text("[document.documentElement.lang, localStorage.getItem('fovea-language')]"), "en,en");
}

#[wasm_bindgen_test]
async fn the_address_chooses_and_follows_the_choice() {
    let _stand = Stand::open().await;
    js("", "location.hash = '#lang=zh'", &[]);
    wait(100).await;
    assert_eq!(text("[fovea.state().language, document.querySelector('#language').value]"), "zh,zh");
    assert_eq!(text("localStorage.getItem('fovea-language')"), "null", "a link is no choice for other days");
    choose("#language", "en");
    assert_eq!(text("[location.hash, fovea.state().language]"), "#lang=en,en");
    js("", "history.replaceState(null, '', location.pathname + location.search)", &[]);
}

#[wasm_bindgen_test]
async fn a_browser_that_keeps_nothing_changes_the_language_all_the_same() {
    let _stand = Stand::open().await;
    let refuse = "globalThis.former = Storage.prototype.setItem;
        Storage.prototype.setItem = () => { throw new DOMException('no', 'SecurityError') }";
    js("", refuse, &[]);
    choose("#language", "zh");
    js("", "Storage.prototype.setItem = globalThis.former", &[]);
    assert_eq!(text("[fovea.state().language, document.querySelector('#language-name').textContent]"), "zh,中文");
    choose("#language", "en");
}
