# 简体中文。Ids and arguments are those of en.ftl; a test compares the two.
# 术语：fixation 注视点，gaze 注视，heat map 热力图，pseudo-mask 伪掩膜，mask 掩膜，outline 轮廓，teacher 教师网络，student 学生网络，
# attention 注意力，phantom 体模，bundle 模型包，backbone 骨干网络，head 头部网络，seed 随机种子。

## The page as a whole

page-title = Fovea：一瞥即成分割
page-description = 点击您会注视的位置。神经网络完全在此标签页中运行，把您的注视变成息肉的轮廓。
skip = 跳到图像
language = 语言（Language）
language-changed = 页面现已切换为中文。
lead = 医生一眼就能找到病变；<strong>在这里，一瞥就能画出轮廓</strong>。
disclaimer = <strong>仅供研究与教育。</strong>非医疗器械。
page-loading = 页面正在加载。
page-stopped = 出了问题，页面已停止运行。
two-sentences = { $first }{ $second }

## While the program and the model arrive; what www/boot.mjs says is held to these by a test

loading = 正在加载程序和模型
loading-check = 正在此设备上核验模型
noscript = 本页面在您的浏览器中计算，需要 JavaScript 和 WebAssembly。没有它们也可以阅读“关于”中的文字。
boot-program = 程序
boot-the-program = 程序
boot-model = 模型
boot-part = { $name } { $done } MB
boot-part-of = { $name } { $done } / { $total } MB
boot-old-browser = 此浏览器无法启动程序（{ $cause }）。程序需要支持 SIMD 的 WebAssembly：Chrome 91、Firefox 89、Safari 16.4 或更新版本。
file-not-loaded = 无法加载 { $file }：{ $cause }。
boot-no-wasm = 它没有 WebAssembly，或者已被关闭
boot-no-simd = 它的 WebAssembly 不支持 SIMD
file-cut = { $file } 未能完整加载：{ $cause }。
message-retry = 重试
file-answer = 服务器返回 { $status }
file-too-large = { $file }：文件超过 200 MB。
file-unreadable = { $file }：无法读取文件（{ $cause }）。

## Devices and the engines in their workers

engine = 在此设备上运行
engine-device = 设备
engine-check = 自检
engine-click = 点击到掩膜
engine-image = 每幅图像
offline = 离线使用
offline-saving = 正在保存到此浏览器
offline-ready = 已就绪：无网络也能打开，包括至今打开过的每个模型
offline-refused = 此浏览器不保存任何内容；其他功能不受影响
engine-other = 另一设备
device-title = 网络在哪里计算
device-waiting = 正在启动
device-starting = { $device } 正在启动
device-stopped = 已停止
device-verified = { $device }，已核验
device-adapter = { $device }：{ $adapter }
device-unknown = 地址要求使用未知设备“{ $name }”；可用的有 cpu、webgpu 和 auto。页面将自行选择。
device-differs = 其输出与参考值相差 { $difference }，超过 0.001
self-check = 与参考值一致（最大差异 { $difference }，允许 0.001）
timing-click = { $all } 后画出掩膜（引擎 { $engine }，其中教师网络 { $teacher }）
timing-embed = 骨干网络用时 { $time }
other-untried = { $device }：尚未尝试
other-starting = { $device }：正在后台核验
other-slower = { $device }：每次点击 { $time }，继续使用 { $kept }
other-failed = { $device }：未使用，{ $why }
webgpu-missing = 此浏览器在这里不提供 WebGPU（仅在 https 和 localhost 上提供）
webgpu-no-adapter = 此浏览器在本机上找不到 WebGPU 适配器
webgpu-late = { $seconds } s 后仍未就绪
webgpu-unusable = 无法使用 WebGPU：{ $why }。改由 CPU 计算。
engine-broke-down = 引擎出现故障，已重新启动（{ $why }）。
engine-broke-down-loading = 引擎在加载“{ $name }”的模型时出现故障。
engine-unreachable = 无法连接引擎：{ $error }。
engine-silent = 引擎无法作答。
worker-not-started = 浏览器未能启动工作线程（{ $cause }）
worker-not-loaded = 无法加载其脚本
worker-missing = 该引擎没有在运行

## Images and the stage

case-none = 尚无图像
source-label = 图像及其注视数据的来源
canvas-role = 注视画布
canvas-label = 带有注视点和掩膜的图像
canvas-help = 点击或轻触以添加注视点，按住更久表示注视更久，拖动可移动注视点，右键单击可移除。使用键盘：方向键移动十字准线，Shift 加大步长，Enter 添加注视点，N 和 P 选择下一个和上一个注视点，Alt 加方向键移动所选注视点，Delete 将其移除。
hint = 点击您的目光落下的位置。<span>按住更久，注视更久。</span>
drop = 拖放到这里：图片、它的注视（CSV），或两者一起。内容不会离开此标签页。
message-close = 关闭此消息
gallery = 选择一幅图像
gallery-empty = 此版本不含示例图像，请打开您自己的图像。
image-own = 您的图像
camera = 相机
camera-title = 拍一张照片
camera-close = 关闭相机
camera-note = 照片不会离开此标签页。模型学过的图像与您的不同：它们在您的图像上画的轮廓没有意义。
camera-waiting = 正在等待您允许使用相机。
camera-refused = 相机未获允许。可在地址栏中更改。
camera-none = 没有找到相机，或者它正被其他程序使用。
camera-other = 切换相机
camera-take = 拍照
own-note = 此模型只学过{ $domain }的图像。在其他图像上，它画的轮廓没有意义，无论看起来多么确定；在别处得来的同类图像上，也可能不如公布的数字。
own-note-like = 对此模型而言，这幅图像与它学习过的图像（{ $domain }）相似。若图像来自别处，其轮廓仍可能不如公布的数值。
own-note-somewhat = 这幅图像与此模型学习过的图像（{ $domain }）略有不同，其轮廓可能不如公布的数值。
own-note-unlike = 这幅图像与此模型学习过的任何图像（{ $domain }）都不同。这里勾画的内容没有意义。
own-note-uncompared = 未能与 { $domains } 进行比较。
own-suggestion = 这看起来像{ $noun }。
own-switch = 使用那个模型
image-own-stays = 您的图像，不离开此标签页
image-own-sent = 您的图像，已按您的要求发送到 { $server }
image-phantom = 由程序绘制
image-real = 真实图像，{ $name }
gaze-recorded = 实测注视
gaze-simulated = 模拟注视
gaze-unknown = 来源不明的注视
gaze-none = 只有您的注视
opening = 正在打开 { $title }。
image-open = { $title } 已打开。学生网络勾画了图像的 { $share }{ $dice }。
not-opened = 无法打开该图像。
not-described = 无法描述该图像。
stage-no-image = 没有打开的图像
stage-no-jpeg = 浏览器无法写出此图片
stage-no-canvas = 此浏览器不提供二维画布
stage-no-picture = 浏览器无法容纳此图片

## Domains: what the images show. In English the page shows the names that the bundles have.

domains = 图像类型
domain-polyp = 息肉
domain-skin-lesion = 皮肤病变
domain-prostate = 前列腺
domain-downloading = 正在下载“{ $name }”的模型。
domain-checking = 正在此设备上核验“{ $name }”的模型。
domain-stays = 仍为“{ $name }”：未能取得另一个模型。
domain-stays-unnamed = 模型不变：未能取得另一个模型。
domain-unknown = 地址要求的领域“{ $name }”不存在；可用的有 { $known }。

## Gaze: the tools, the points, what the status line says of them

toolbar = 注视工具
undo = 撤销
undo-title = 撤销（Ctrl+Z）
redo = 重做
redo-title = 重做（Ctrl+Shift+Z）
clear = 清除
clear-title = 移除所有注视点
use-gaze = 使用此病例的注视
use-gaze-recorded = 使用实测注视
use-gaze-simulated = 使用模拟注视
use-gaze-unknown = 使用此图像的注视
use-gaze-none = 没有记录注视
replay-group = 注视的时间过程
replay = 回放
replay-pause = 暂停
replay-moment = 回放的时刻
replay-speed = 回放速度
replay-time = { $at } / { $of } 秒
replay-begun = 开始回放{ $points }。
replay-paused = 回放已暂停。
replay-over = 回放结束，{ $points }。
simulate = 像医生一样注视
simulating = 正在模拟医生可能会怎样看这幅图像。
simulated-truth = 模拟的注视，生成时参照了真实轮廓。并没有医生这样看过。
simulated-student = 模拟的注视，因真实轮廓未知而瞄准学生网络的轮廓。并没有医生这样看过。
points-title = 您的注视，逐点列出
points-none = 还没有注视点。
points =
    { $count ->
        [0] 没有注视点
       *[other] { $count } 个注视点
    }
place = 距左侧 { $x }，距顶部 { $y }
fixation = { $number }：{ $place }，{ $duration }
point-added = 已添加第 { $number } 个注视点，{ $place }，{ $duration }。
point-moved = 已移动第 { $number } 个注视点。
point-removed = 已移除第 { $number } 个注视点。
point-selected = 已选择注视点 { $point }。
points-removed = 已移除所有注视点。
points-taken-recorded = 已从实测注视中取用 { $points }。
points-taken-simulated = 已从模拟注视中取用 { $points }。
points-taken-unknown = 已从此图像的注视中取用 { $points }。
remove = 移除
crosshair = 十字准线：{ $place }。
undone-gaze = 已撤销，当前：{ $points }。
redone-gaze = 已重做，当前：{ $points }。
undone-words = 已撤销：{ $edit }
redone-words = 已重做：{ $edit }

## What teacher and student draw

scores = 吻合程度：
scores-looked-at = 与您注视的病灶（{ $lesions } / { $of }）的吻合程度：
score-teacher = 加上您的注视
score-student = 独自
scores-note = Dice：1 表示完全一致，0 表示毫无重合。仅在真实轮廓已知时显示。
dice-after = ，Dice { $dice }
dice-of-looked-at = Dice 仅与您注视的病灶（{ $lesions } / { $of }）比较。
teacher-outlines = 教师网络勾画了图像的 { $share }{ $dice }。
teacher-outlines-without-gaze = 没有注视时，教师网络勾画了图像的 { $share }{ $dice }。
teacher-nothing = 教师网络在您注视的地方没有看到病变{ $dice }。
teacher-nothing-without-gaze = 没有注视时，教师网络没有找到可勾画的区域{ $dice }。
no-lesion = 教师网络在您注视的地方没有看到病变
student-outlines = { $title }，学生网络勾画了图像的 { $share }{ $dice }。

## The student and the strategies of its training

students = 选择画面上的学生网络
students-note = 各学生网络的区别在于学习的目标，以及教师网络用三种策略中的哪些来指导它。选择其一，其轮廓随即改变。
family = 它学习的目标
family-released = { $told }；DARM 为已发布代码的形式
strategies = 训练该学生网络所用的策略
strategy-afc = <b>AFC</b> 特征对齐<small>其特征跟随读过文字的教师网络的特征</small>
strategy-cwc = <b>CWC</b> 置信度加权一致性<small>教师网络有把握之处，学生网络跟随其预测</small>
strategy-darm = <b>DARM</b> 分歧感知掩蔽<small>两者有分歧之处，对学生网络遮住图像中的若干方块</small>
student-without = 不使用任何策略
student-with-one = 使用 { $strategy }
student-with-two = 使用 { $first } 和 { $second }
student-with-all = 使用全部三种策略
student-dice = 测试 Dice { $score }。
student-dice-unmeasured = 未测量其测试 Dice。
student-target = 它学习的目标是{ $target }。
students-missing =
    { $count ->
        [1] 学习目标相同的学生网络中，此模型包只含这一个：其余的尚未训练。
       *[other] 学习目标相同的八个学生网络中，此模型包含 { $count } 个：其余的尚未训练。
    }
target-heat = 未经修正的注视热图，与论文相同
target-refined = 按图像颜色修正后的注视热图
target-high-confidence = 注视的高置信度伪掩膜
target-teacher = 训练完成的教师网络的预测
target-full-supervision = 真实掩膜：这是上限，而非来自注视
student-released = 已发布代码形式的 DARM 告诉它：被遮住的方块是背景。
told-heat = 热图
told-refined = 修正后的掩膜
told-high-confidence = 高置信度掩膜
told-teacher = 教师网络的标注
told-full-supervision = 真实掩膜
student-plain = { $told }
student-named = { $told }，{ $strategies }
strategies-released = { $strategies }（已发布代码的形式）
score = { $mean } ± { $sd }（{ $seeds } 个随机种子），数据：{ $on }
score-one-seed = { $mean }（1 个随机种子），数据：{ $on }

## Students side by side

compare-note = 以不同方式训练的学生网络。
compare-open = 并排显示
compare-close = 收起
compare-who = 学生网络
compare-look = 显示
compare-against = 差别的参照
compare-zoom = 缩放
compare-in = 放大
compare-out = 缩小
compare-whole = 整幅图像
compare-caption = 已公布的测试 Dice（圆点及其波动范围），以及在这幅图像上的 Dice（圆环）
compare-caption-ablation = 已公布的消融实验在 { $on } 上的测试 Dice（圆点及其波动范围）：那些学生与本页的学生分别训练；以及在这幅图像上的 Dice（圆环）
compare-column-student = 学生网络
compare-column-test = 测试 Dice
compare-column-here = 这幅图像
compare-axis = { $from } 至 1
compare-unmeasured = 未测量
compare-teacher = 教师网络，使用您的注视
compare-waiting = 计算中
compare-scores = Dice { $dice } · IoU { $iou } · HD95 { $hd95 } 像素
compare-share = 图像的 { $share }
compare-same = 它就是比较的参照
compare-differs = 多画了图像的 { $extra }，少画了 { $missing }
against-truth = 真实轮廓
against-teacher = 教师网络
strategies-none = 无策略
strategies-all = 全部三种
look-masks = 轮廓与差别
look-afc = AFC：特征的一致程度，步幅 { $stride }
look-cwc = CWC：教师网络有把握之处
look-darm = DARM：被遮住的部分
legend-masks = 绿色斜线：在此轮廓之内而在参照之外。橙色斜线：相反。白色点线：真实轮廓。
legend-live = 黄色虚线：学生网络所画。绿色虚线：要求它画的目标。白色点线：真实轮廓，它从未见过。
legend-afc = 学生网络的特征与读过文字的教师网络的特征有多一致：越亮，两者的夹角越小（余弦）。
legend-cwc = 绿色：教师网络确信是病变。灰色：确信是背景。学生网络只在这些地方跟随它。
legend-darm = 橙色：教师网络与学生网络的差异超过 0.3。白色：训练的一步中对学生网络遮住的方块。
sees-afc = 平均余弦 { $mean }
sees-no-afc = 没有可用的适配器：只有 AFC 会训练它们，较早的模型包中没有
sees-cwc = 图像的 { $lesion } 确信是病变，{ $background } 确信是背景
sees-no-cwc = 训练时不使用 CWC
sees-darm = 两者在图像的 { $apart } 上有分歧；遮住了 { $hidden }
sees-no-darm = 训练时不使用 DARM
score-seeds-alone = { $mean } ± { $sd }（{ $seeds } 个随机种子）
score-one-seed-alone = { $mean }（1 个随机种子）

## Distillation in the tab

distil-note = 两个学生网络此刻就在这里，从您的注视中学习。它们从不看真实轮廓。
distil-first = 第一个学生网络
distil-second = 第二个学生网络
distil-from = 起点
distil-seed = 随机种子
distil-target = 学习勾画
distil-images = 学习材料
distil-play = 开始
distil-pause = 暂停
distil-once = 走一步
distil-reset = 重置
distil-idle = 尚未开始。
distil-setting-up = 正在准备。
distil-ready = 已就绪。
distil-figures = 第 { $step } 步，每秒 { $speed } 步
distil-needs-gaze = 还没有可学习的内容：请添加一个注视点，或让它们学习教师网络所画的轮廓。
distil-nobody = 没有
distil-fresh = 全新的权重
distil-trained = 模型包中训练好的权重
distil-broad = 您的注视的宽松伪掩膜
distil-heat = 未经修正的注视热图
distil-teacher = 教师网络所画的轮廓
distil-others =
    { $count ->
        [0] 这幅图像
       *[other] 这幅图像，轮流使用另外 { $count } 幅
    }
distil-loss = 对学习目标的损失
distil-dice = 与真实轮廓的 Dice（它们从未见过真实轮廓）
distil-loss-label = 各步的损失
distil-dice-label = 各步的 Dice
learner-dice-loss = Dice { $dice }，损失 { $loss }
learner-dice = Dice { $dice }
learner-share-loss = 图像的 { $share }，损失 { $loss }
learner-share = 图像的 { $share }

## 课程

lesson = 课程
lesson-label = 六步课程
lesson-count = 第 { $step } 步，共 { $of } 步
lesson-back = 上一步
lesson-next = 下一步
lesson-skip = 跳过
lesson-end = 结束
lesson-close = 退出课程
lesson-guessed = 您的猜测：{ $answer }
lesson-right = 与您猜的一样。
lesson-wrong = 与您猜的不同。
lesson-put-back = 已回到课程之前的状态。
lesson-1-title = 看一眼
lesson-1-text = 学生网络只看图像。教师网络还看到您在看哪里。
lesson-1-question = 您看向病变。谁的轮廓会更吻合？
lesson-1-a = 教师网络的，有您的注视
lesson-1-b = 学生网络的，没有注视
lesson-1-c = 两者一样
lesson-1-task = 请看病变：点击它，或把十字线移到那里再按 Enter。
lesson-1-figure = 单独 { $alone }，有您的注视 { $with }。
lesson-1-why = 这是 Dice：1 为完全吻合，0 为毫无重叠。注视说明指的是哪里；图像说明它延伸到哪里。
lesson-2-title = 两处病变
lesson-2-text = 这里有两处病变。一次注视落在其中一处，蓝色轮廓也在那里。
lesson-2-question = 您把注视移到另一处病变。轮廓会怎样？
lesson-2-a = 跟着移动
lesson-2-b = 同时包含两处
lesson-2-c = 留在原处
lesson-2-task = 把圆圈拖到另一处病变上。键盘：按 N 选中它，按 Alt 加方向键移动它。
lesson-2-figure = 原来轮廓的 { $lost } 已消失。
lesson-2-note = 新的轮廓在您注视的地方。
lesson-2-why = 学生网络的黄色轮廓没有移动：它只看图像。
lesson-3-title = 从注视到热力图
lesson-3-text = 一次注视持续一秒，另一次只有四分之一秒。训练就从这样的注视中学习。
lesson-3-question = 热力图在哪里更亮？
lesson-3-a = 较长的注视处
lesson-3-b = 较短的注视处
lesson-3-c = 两处一样
lesson-3-task = 请打开图像上方的“注视”。
lesson-3-figure = 较长的注视 { $long }，较短的注视 { $short }；峰值为 1。
lesson-3-why = 时间很重要。第五步中的一个学生网络只从这样的热力图学习；没有人为它画过轮廓。
lesson-4-title = 文字
lesson-4-text = 教师网络还会阅读描述。这些文字是在这幅图像上测量得到的。
lesson-4-question = 您把“小”改成“大”。轮廓会怎样？
lesson-4-a = 变大
lesson-4-b = 变小
lesson-4-c = 不变
lesson-4-task = 请把尺寸移到“大”。
lesson-4-figure = 原来勾画了图像的 { $before }，现在是 { $now }。
lesson-4-why = 学生网络不读文字。测量表明不起作用的词（例如位置）在这里不能更改。
lesson-5-title = 两个学生网络
lesson-5-text = 两者的网络相同。一个从注视的热力图学习，另一个从教师网络画的轮廓学习。
lesson-5-question = 哪一个与这幅图像更吻合？
lesson-5-a = 从热力图学习的
lesson-5-b = 从教师网络学习的
lesson-5-c = 两者一样
lesson-5-task = 请移动小图上的分界线：左边是第一个学生网络，右边是第二个。
lesson-5-figure = 热力图 { $left }，教师网络 { $right }。
lesson-5-note = 在测试图像上分别为 { $left } 和 { $right }。
lesson-5-why = 一幅图像说明不了多少。许多图像的均值及其区间更有说服力。
lesson-6-title = 亲自教一个
lesson-6-text = 全新的学生网络不认识息肉。它将只从您的几眼中学习。
lesson-6-question = 它在从未见过的图像上会有多吻合？
lesson-6-a = 低于 0.3：几乎不吻合
lesson-6-b = 0.3 到 0.8：能找到大多数病变
lesson-6-c = 高于 0.8：像专家一样
lesson-6-task = 请看一幅或多幅图像，跳过其余的，然后让它学习。
lesson-6-figure = 学习前 { $before }，现在 { $now }。
lesson-6-note = 您看了 { $seconds } 秒。画同样多的轮廓约需 { $minutes } 分钟。
lesson-6-why = 真实轮廓用来衡量学生网络，从不用来教它。

## 教师专用：对话框与教案页面（teaching.zh.html）

teachers = 教师专用
teachers-note = 20 分钟的教案：说什么、预期什么，以及在手机上打开每一步的二维码。
teachers-open = 教案与二维码
teachers-close = 关闭：教师专用
teachers-codes = 每个二维码都会在手机浏览器中打开相应的一步。无需安装任何东西。
teachers-code = “{ $title }”一步的二维码
teachers-plan = 20 分钟的教案
teachers-print = 打印二维码
plan-title = Fovea：20 分钟的一课
plan-lead = 适合使用手机或电脑的班级，也可以全班共用一块屏幕。无需安装，图像不会离开设备。
plan-back = 打开 Fovea
plan-before = 课前
plan-before-1 = 先打开一次页面，浏览器就会保存它：之后没有网络也能使用。
plan-before-2 = 打印本页和二维码：“关于”、“教师专用”、“打印二维码”。二维码会在手机上打开相应的一步。
plan-before-3 = 每一步都先请大家猜测。动手之前先让全班举手。猜错也没关系：卡片会说明发生了什么。
plan-figures = 关于数字
plan-figures-1 = 卡片显示页面刚刚在这幅图像上测得的数值，因此每个班都不同。下面是测试图像的均值，并注明项目“results”文件夹中的文件。区间是图像的 95 % 自助法区间。
plan-figures-2 = Dice 将轮廓与真实轮廓比较：1 为完全吻合，0 为毫无重叠。图库中的图像是因为一次注视会带来变化而选的；在测试图像的均值上变化较小。
plan-say = 讲解
plan-expect = 预期
plan-measured = 测量结果
plan-ask = 猜测
plan-talk = 讨论
plan-1-time = 0 至 3 分钟
plan-1-say = 医生找到息肉只需几秒，描出轮廓却要一分多钟。如果看一眼就够了呢？
plan-1-expect = 轮廓出现在注视的地方。点在病变旁边，轮廓会消失，吻合度降为 0。
plan-1-figure = 教师网络在 100 幅图像上的 Dice：无注视 .811，一次 .816，三次 .823（interact-polyp.json）。看向病变旁边一次，100 幅中有 100 幅的轮廓消失。
plan-1-ask = 为什么一次注视对均值影响这么小，在这里却这么大？
plan-2-time = 3 至 6 分钟
plan-2-say = 一幅图像中有两处病变。没有网络能知道您指的是哪一处。
plan-2-expect = 蓝色轮廓跟着移动。学生网络的黄色轮廓不动。
plan-2-figure = 在确有两处病变的 11 幅图像上，轮廓的 .870 [.753, .975] 位于被注视的病变（interact-polyp.json）。
plan-2-ask = 没有注视，网络需要什么才能做到？
plan-3-time = 6 至 9 分钟
plan-3-say = 这种训练没有人画轮廓。只有眼睛停留的时间。
plan-3-expect = 较长的注视大约亮四倍。
plan-3-figure = 由记录的注视和图像颜色得到的掩膜与真实掩膜的 Dice 为 .827（kvasir-labels.json）。
plan-3-ask = 什么时候长时间的注视并不表示病变？
plan-4-time = 9 至 12 分钟
plan-4-say = 教师网络也会阅读。这些是谁的话？是程序测量得到的。
plan-4-expect = 改成“大”，轮廓变大。
plan-4-figure = 在 100 幅图像上，“小”使轮廓为 .55 倍，“大”为 1.79 倍。改变位置词只在 23 % 的图像中移动大部分轮廓，因此不提供位置（interact-polyp.json）。
plan-4-ask = 图像与文字矛盾时，网络应该相信文字吗？
plan-5-time = 12 至 15 分钟
plan-5-say = 两个学生网络，网络相同。不同的只是它们被告知的内容。
plan-5-expect = 它们的轮廓在边缘处不同，或者一个找到了另一个漏掉的。
plan-5-figure = 在 100 幅图像上：热力图 .709 [.667, .747]，教师网络 .806 [.765, .841]，真实掩膜 .842 [.802, .876]（bundle-polyp.json）。
plan-5-ask = 多少幅图像能让您信服？
plan-6-time = 15 至 20 分钟
plan-6-say = 现在您是老师。看八幅图像，每幅四秒。
plan-6-expect = 学生网络在一两分钟内学会。它在八幅未见过的图像上的吻合度远高于学习之前，低于专家。
plan-6-figure = 由页面测量。900 个息肉，注视用了 2.2 小时，画轮廓用了 18.7 小时（GazeMedSeg，MICCAI 2024）。
plan-6-ask = 您的几眼没有告诉学生网络什么？
plan-end = 最后
plan-end-1 = 每人一句话：一瞥能教会什么，不能教会什么？
plan-end-2 = 仅供研究与教育。非医疗器械。

## The description: what the teacher reads

description-help = 教师网络也读文字。改一个词看看。
description-origin = 这些文字的来源
description-none = 还没有文字
description-edited = 已由您修改
description-pick = 显示哪一份描述
description-being-made = 正在描述
description-yours = 由您撰写
description-again = { $source }（{ $number }）
description-shown = 描述：{ $source }。
description-empty = 此设备无法对该图像作出任何描述。
description-nothing-there = 在您注视的地方没有可测量的内容。
description-unlike = 与模型学习过的图像都不同的图像不作描述。
describe-again = 重新描述
describe-again-title = 测量当前勾画的区域
describing = 正在描述
describing-outlined = 正在描述勾画的区域。
words-awaited = 正在根据您的注视测量描述。
words-measured = 描述已根据您的注视重新测量。
words-measured-again = 描述已根据没有您的注视时勾画的区域测量。
source-measured = 由注视和像素测得，未用语言模型
source-vlm = 由 { $model } 撰写
source-distilled = 由 { $model } 蒸馏而来
source-clinician = 由人撰写
source-drawn = 由图像的绘制方式得知
confidence = 置信度 { $share }
confidence-low = 置信度低：{ $share }
phrases = 短语
phrase-add = 添加短语
phrase-choose = 选择要添加的短语
phrase-off = 已关闭“{ $phrase }”。
phrase-on = 已打开“{ $phrase }”。
phrase-chosen = 已选择“{ $phrase }”。
phrase-fixed = “{ $field }”在此不可更改：经测量，换用其他词语不能引导该教师网络。
chip = { $field }：{ $word }
chip-title = { $field }：
chip-menu = 更改：{ $field }
chip-edited = ，已由您修改
sentence = { $noun }：{ $list }。
sentence-part = { $field }{ $word }
sentence-list = { $before }，{ $next }
told-nothing = 没有告诉教师网络任何内容。
remarks = 来源的附注，教师网络不会阅读：“{ $text }”
conflict = 有两个短语相互矛盾：{ $cause }。
conflict-pair = “{ $first }”与“{ $second }”
student-deaf = 学生网络不读文字：无论您在这里改什么，它的轮廓都不变。
verdict-later = 模型加载后，这里会显示评估所得的结论：该教师网络是否利用了文字。
verdict-unmeasured = 未测量该教师网络是否利用了文字。

## What an edit of the words did

change = 此更改的影响
change-close = 关闭：此更改的影响
gained = 新增
lost = 失去
edit-became = “{ $phrase }”改为“{ $word }”
edit-gone = 不再读取“{ $phrase }”
edit-added = 现在读取“{ $phrase }”
edit-none = 文字没有变化。
edit-one = { $edit }。
edit-two = { $first }，{ $second }。
edit-many = 更改了 { $count } 个短语。
change-nothing-at-all = 之前没有勾画任何区域，现在也没有。
change-none = 这没有改变掩膜。
change-too-small = 这没有改变掩膜（变化不到其 0.5 %）。
change-mask = 相对于原面积，掩膜增加了 { $gained }，减少了 { $lost }。
change-all-new = 之前没有勾画任何区域；整个掩膜都是新的。
change-dice = Dice { $before } → { $now }。
legend-change = 文字带来的变化

## Attention to a phrase

legend-attention = 对“{ $phrase }”的注意力
peek = “{ $phrase }”，最高 { $most }
attention-none = 教师网络没有注意这个短语。
attention-even = 注意力在图像上几乎均匀，最高 { $most }。
attention-strongest = 注意力最强处：{ $place }，最高 { $most }。
attention-unknown = 注意力尚不可知。
attention-off = 已关闭：教师网络不会读取这个短语。

## The visitor’s own vision-language model

ask = 询问您自己的视觉语言模型
ask-note = 您的浏览器会把此图像（每边最多 1024 像素，不含文件的其他数据）、允许使用的词表和您的注视点发送到下面的地址，不会发送给任何其他方。任何提供 OpenAI 式聊天接口的服务器都可以：llama.cpp、Ollama、LM Studio、vLLM。
ask-address = 地址
ask-model = 模型
ask-model-hint = 服务器上的模型名称
ask-key = 密钥（如果服务器需要）
ask-key-note = 保存在内存中，直到您关闭此标签页；不会存储在任何地方。
ask-agree = 此地址不在本机上：我同意图像离开本机。
ask-go = 询问
ask-cancel = 取消
ask-no-image = 请先打开一幅图像。
ask-busy = 一次只能提一个问题。
ask-far = { $server } 不在本机上。如果图像可以离开本机，请勾选上面的复选框。
ask-waiting = 正在等待 { $server }。
ask-answered = { $model } 已在 { $time } 后作答。
ask-answer-late = 但它所说的图像已不再打开。
ask-answer-empty = 它无法对该图像作出任何描述。
ask-caveat = 按您的要求由 { $server } 上的 { $model } 撰写。未经任何人核对。
ask-unnamed = 未命名的模型
ask-cancelled = 已取消；服务器在此之前收到的内容仍在服务器上。
ask-late = { $server } 在 { $seconds } s 内没有作答。较小的模型更快。
ask-offline = 此浏览器处于离线状态，无法询问 { $server }。页面的其他功能无需网络即可使用。
ask-cors = { $server } 可以访问，但不允许此页面读取其回答（CORS）。Ollama：启动时设置 OLLAMA_ORIGINS={ $origin }。LM Studio：在服务器设置中打开 CORS。llama.cpp 的服务器默认允许；其前面的代理可能不允许。
ask-unreachable = { $server } 没有应答（{ $cause }）。服务器在运行吗？地址正确吗？来自互联网的页面还需要浏览器允许才能访问本机。
address-scheme = 服务器地址必须以 http:// 或 https:// 开头，例如 http://127.0.0.1:8080/v1。
address-credentials = 地址中不得包含用户名或密码；请把密钥填入专用的输入框。
address-query = 服务器地址必须以路径结尾，例如 /v1：不能含有 `?` 和 `#`。
address-host = 服务器地址中没有可用的主机名；应类似于 http://127.0.0.1:8080/v1。
address-port = 服务器地址中的端口必须是 1 到 65535 之间的数字。
answer-wait = ，请等待 { $seconds } s
answer-timed-out = { $seconds } s 内没有作答。较小的模型更快。
answer-broken = 回答完成之前连接中断（{ $cause }）。服务器可能已崩溃：请查看其日志。
answer-bad-request = 服务器拒绝了请求（HTTP { $status }）：{ $said }。也许该模型不接受图像（llama.cpp 需要 --mmproj），或者图像和词表超出了它的上下文长度。
answer-key = 服务器不接受该密钥（HTTP { $status }）：{ $said }。请在上面的输入框中填入正确的密钥。
answer-not-found = 服务器没有此路径或模型（HTTP 404）：{ $said }。大多数基础地址以 /v1 结尾；模型名称必须与服务器在 /v1/models 中列出的一致。
answer-too-large = 请求对服务器来说过大（HTTP 413）：{ $said }。请提高服务器对请求体大小的限制。
answer-too-many = 服务器暂时不再接受请求：{ $said }。请稍后再问。
answer-not-ready = 服务器尚未就绪（HTTP 503{ $wait }）：{ $said }。它可能仍在加载模型：请稍后再问。
answer-server = 服务器出错（HTTP { $status }）：{ $said }。请查看其日志；再问一次也许有用。
answer-elsewhere = 服务器要把请求转到别处（HTTP { $status }）；页面不会跟随，以免图像去往预期之外的地方。请以最终地址作为基础地址。
answer-status = 服务器返回了聊天接口不应返回的 HTTP { $status }：{ $said }。请检查基础地址。
answer-not-chat = 这不是聊天接口的回答（{ $cause }）：{ $said }。请检查基础地址；大多数以 /v1 结尾。
answer-empty = 模型没有给出任何回答。换一个模型也许有用。
answer-cut = 回答被截断。在服务器中增大上下文长度或换一个模型也许有用。
answer-breaks-off = 回答被截断：它在中途中断（{ $cause }）。在服务器中增大上下文长度或换一个模型也许有用。
answer-thoughts = 回答在模型仍在思考时被截断，草稿不予采用。在服务器中增大上下文长度、关闭思考模式或换一个模型也许有用。
answer-several = 回答中有 { $count } 个互不相同的描述，且未说明以哪一个为准。换一个模型也许有用。
answer-refused = 模型拒绝描述该图像：{ $said }。换一个模型也许可以。
answer-prose = 模型以自然语言而非 JSON 作答，这通常意味着拒绝回答或模型不支持模式约束：{ $said }。请使用支持带 JSON 模式的 `response_format` 的服务器，或换一个模型。
answer-broken-json = 回答是损坏的 JSON（{ $cause }）：{ $said }。请使用支持带 JSON 模式的 `response_format` 的服务器，或换一个模型。
answer-schema = 回答不是符合模式的描述：{ $cause }。能够让模型遵守模式的服务器可以避免这种情况。

## Layers

layers = 图层
layers-note = 滑块设置图层填充的浓度；轮廓线不变。
layer-teacher = 轮廓
layer-teacher-note = 随注视和文字变化
opacity-teacher = 轮廓的不透明度
layer-in-text-teacher = 教师网络的轮廓
layer-student = 学生
layer-student-note = 只看图像
opacity-student = 学生网络轮廓的不透明度
layer-in-text-student = 学生网络的轮廓
layer-truth = 真实轮廓
layer-truth-note = 在已知时显示
opacity-truth = 真实轮廓的不透明度
layer-in-text-truth = 真实轮廓
layer-heat = 注视
layer-heat-note = 注视越久越亮
opacity-heat = 热力图的不透明度
layer-in-text-heat = 注视热力图
layer-confidence = 教师网络的把握
layer-confidence-note = 紫色处没有把握
opacity-confidence = 教师网络把握图层的不透明度
layer-in-text-confidence = 教师网络的把握
layer-high-confidence = 高置信度区域
layer-high-confidence-note = 确定注视过
opacity-high-confidence = 高置信度区域的不透明度
layer-in-text-high-confidence = 高置信度区域
layer-broad = 宽松区域
layer-broad-note = 很可能注视过
opacity-broad = 宽松区域的不透明度
layer-in-text-broad = 宽松区域
layer-background = 确定背景
layer-background-note = 确定未被注视
opacity-background = 确定背景的不透明度
layer-in-text-background = 确定背景
layer-shown = 已显示图层：{ $layer }。
layer-hidden = 已隐藏图层：{ $layer }。
layer-unknown = 此图像的真实轮廓未知。
nothing-selected = 没有选中任何点。按 N 键选中一个。
layer-needs-gaze = 该图层需要注视点。

## The story

story = 您看到的是什么
story-1 = 您来注视
story-1-text = 每次点击都是一个<em>注视点</em>：目光停留的一刻。注视越久，圆圈越大；所有注视共同构成热力图。
story-2 = 教师网络随您一同观看
story-2-text = 教师网络看到图像和您的注视，勾画出您所看的东西。在工作时使用注视，是我们对已发表方法的扩展。
story-3 = 教师网络同时阅读
story-3-text = 它还阅读一段简短的描述，词语取自固定词表：由测量得出、由语言模型写成，或由您选择。每份描述都注明来源。
story-4 = 学生网络不需要注视
story-4-text = 学生网络从注视而不是手工勾画的轮廓中学习。它只看图像，所以无论您点击什么、说什么，它的轮廓都不变。

## Keys

details = 详细信息
keys = 鼠标、触摸和键盘
key-click = 点击或轻触
key-click-does = 添加注视点；按住更久表示注视更久（250 至 1100 ms）
key-drag = 拖动
key-drag-does = 移动注视点
key-remove = 右键单击、<kbd>Delete</kbd>
key-remove-does = 移除注视点
key-history = <kbd>Ctrl</kbd> <kbd>Z</kbd>、<kbd>Ctrl</kbd> <kbd>Shift</kbd> <kbd>Z</kbd>
key-history-does = 撤销、重做
key-arrows = 方向键、<kbd>Enter</kbd>
key-arrows-does = 移动十字准线（<kbd>Shift</kbd>：更快），在该处添加注视点；按住 <kbd>Enter</kbd> 表示注视更久
key-select = <kbd>N</kbd>、<kbd>P</kbd>、<kbd>Alt</kbd> 加方向键
key-select-does = 选择下一个或上一个注视点，移动它
key-attention = 指向短语、用 <kbd>Tab</kbd> 移到短语，或按住短语
key-attention-does = 显示教师网络对它的注意力落在何处
key-switch = 按下短语、<kbd>Space</kbd>
key-switch-does = 将其关闭或打开；旁边的箭头可换一个词
key-open = 拖放、<kbd>Ctrl</kbd> <kbd>V</kbd>
key-open-does = 打开您自己的图像（JPEG、PNG、WebP 或 DICOM），所开图像的注视（CSV），或两者一起

## For experts. What a bundle says of its training stays as it says it.

differs = 与论文的不同之处
differs-networks = <b>网络。</b> 一个冻结的 EfficientNet-Lite0（息肉模型所用的事先在结肠镜图像上做过一次适应，未使用掩膜）为所有网络读取图像；教师网络和学生网络是其上的小型头部。论文从像素训练两个 U-Net；训练程序中有它们，但对网页来说太大。
differs-gaze = <b>工作时的注视。</b> 论文中的教师网络只把注视当作学习的依据。我们的教师网络工作时也能看到注视，因此会跟随您的点击；没有点击时，它与论文相同。
differs-words = <b>文字。</b> 论文询问大语言模型。这里每段描述都注明来源：由注视和像素测量、来自模型，或由您给出。句子编码器是一个小型通用编码器。
differs-loss = <b>什么算背景。</b> 公开的代码把没有看过的一切都当作背景。这里只有确属背景的部分才算，其余不作判断。
differs-consistency = <b>谁教谁。</b> 在公开的代码中，两个网络互相纠正。这里由教师网络指导学生网络，正如论文摘要所述；另一种方式是训练程序的一个开关。
differs-darm = <b>DARM 的方块。</b> 在原方法中，每幅图像在两个网络意见不一之处都有方块。在真实图像上，我们的学生网络这样训练会失败；若让一半图像保持完整，则不会。
differs-choice = <b>模型的选择。</b> 公开的代码保留在测试图像上最好的检查点。我们的模型在另外的图像上选择，测试图像不决定任何事。
differs-live = <b>现场训练。</b> 它就是训练程序的同一个步骤，只用一幅或几幅图像，学习率更小，供观看之用，不作为衡量依据。
experts = 专家信息：模型、数据和得分
fact-later = 模型加载后显示
fact-model = 模型
fact-model-value = { $name }，写于 { $date }
fact-data = 训练数据
fact-data-value = { $data }；划分 { $split }；数据 { $hash }
fact-text = 文字
fact-target = 学生网络的目标
fact-chosen = 选择依据
fact-chosen-value = { $on }，随机种子 { $seed }，代码 { $code }
fact-student-dice = 学生网络 { $name }，Dice
fact-teacher-dice = 教师网络，无注视，Dice
fact-teacher-gaze-dice = 教师网络，有注视，Dice
fact-bundle = 模型包
fact-bundle-value = { $files } 个文件，{ $size }，均以 SHA-256 核验
fact-int8 = 8 位头部网络
fact-int8-value = 参考图像的任何 logit 变化均不超过 { $moved }
fact-steers = “{ $field }”一栏的词语能引导教师网络
fact-steers-not = “{ $field }”一栏的词语不能引导教师网络
experts-1 = 冻结的 EfficientNet-Lite0 对图像只读取一次；教师网络和学生网络是其特征金字塔上的小型头部网络，因此一次点击只需运行一个头部，而不是整个网络。教师网络以您的注视点按时长加权的高斯热力图作为提示，该提示在训练中被随机丢弃；没有注视点和文字时，它只看图像。高置信度、宽松和背景掩膜由同一热力图经颜色细化得到，在训练中代替手工勾画的轮廓。掩膜是 logit，缩放到图像自身的尺寸后以二分之一为阈值；Dice 在该尺寸下测量。
experts-2 = 文字只到达教师网络。描述是一组字段，词语取自固定词表，每个字段一个短语。每个短语事先由 all-MiniLM-L6-v2 嵌入一次，这是一个通用英语句子编码器，并不具备专门的医学知识，因此页面不需要语言模型。教师网络在三个层级上通过门控交叉注意力阅读短语；短语的注意力图是各注意力头和各层级上每个位置对该短语注意程度的平均值。注意力显示网络读了哪里，而不是它为何如此判断。教师网络训练所用文字的来源写在上面。在这里测得的描述依据的是网络勾画的轮廓。
experts-3 = 学生网络可以由已发表方法的三种策略来指导：自适应特征对齐（AFC）、置信度加权一致性（CWC）和分歧感知随机掩蔽（DARM）。同一模型包中的学生网络还可能在学习的目标上不同；它们共用数据、教师网络、随机种子和其他一切设置。头部网络以 8 位整数存储，每个输出通道一个缩放因子，并以 32 位浮点计算。在地址中加上 <code>#domain=prostate</code> 可打开另一个领域。
experts-4 = 设备在画出任何东西之前，必须以不超过 0.001 的误差重现模型包的参考输出。页面先在 CPU 上启动，在后台尝试 WebGPU，并保留较快的一个。在地址中加上 <code>?device=cpu</code> 或 <code>?device=webgpu</code> 可由您决定。

## Notices; those of the bundles follow as they are

notices = 声明、许可与隐私
privacy = 您的图像不会离开此标签页：不会发送到任何地方，也没有可供发送的服务器。唯一的例外由您决定：如果您询问自己的视觉语言模型，浏览器会把图像发送到您输入的地址。
licences = 全文：<a>NOTICE</a>、<a>Apache 许可证</a>。

## The vocabulary of the descriptions, fields and words; the teacher reads the phrases in shared/src/description, which are English whatever the page speaks

noun-polyp = 息肉
noun-skin-lesion = 皮肤病变
noun-prostate = 前列腺
not-assessable = 无法评估
field-count = 数量
word-count-single = 单个
word-count-several = 多个
field-location = 位置
word-location-upper_left = 左上
word-location-upper_centre = 正上
word-location-upper_right = 右上
word-location-centre_left = 左侧
word-location-centre = 中央
word-location-centre_right = 右侧
word-location-lower_left = 左下
word-location-lower_centre = 正下
word-location-lower_right = 右下
field-size = 尺寸
word-size-small = 小
word-size-medium = 中等
word-size-large = 大
field-shape = 形状
word-shape-round = 圆形
word-shape-oval = 椭圆形
word-shape-elongated = 细长形
word-shape-lobulated = 分叶状
word-shape-irregular = 不规则
field-border = 边界
word-border-sharp = 清晰
word-border-blurred = 模糊
field-colour = 颜色
word-colour-pink = 粉红
word-colour-red = 红色
word-colour-orange = 橙色
word-colour-yellow = 黄色
word-colour-white = 白色
word-colour-brown = 棕色
word-colour-purple = 紫色
word-colour-light_brown = 浅棕色
word-colour-dark_brown = 深棕色
word-colour-black = 黑色
word-colour-blue_grey = 蓝灰色
word-colour-dark = 低信号（暗）
word-colour-grey = 中等信号（灰）
word-colour-bright = 高信号（亮）
field-contrast = 与周围相比
word-contrast-darker = 更暗
word-contrast-lighter = 更亮
word-contrast-redder = 更红
word-contrast-similar = 相近
field-texture = 质地
word-texture-smooth = 光滑
word-texture-heterogeneous = 不均匀
field-edge = 完整性
word-edge-whole = 完整
word-edge-cut = 被边缘截断
field-cover = 表面
word-cover-clean = 洁净
word-cover-highlights = 镜面反光
word-cover-mucus = 黏液
word-cover-stool = 粪便
field-paris = 巴黎分型
word-paris-0-Ip = 0-Ip 有蒂
word-paris-0-Is = 0-Is 无蒂
word-paris-0-IIa = 0-IIa 浅表隆起
word-paris-0-IIb = 0-IIb 平坦
word-paris-0-IIc = 0-IIc 浅表凹陷
word-paris-0-III = 0-III 凹陷
field-nice = NICE 分型
word-nice-type_1 = NICE 1
word-nice-type_2 = NICE 2
word-nice-type_3 = NICE 3
field-asymmetry = 对称性
word-asymmetry-symmetric = 对称
word-asymmetry-one_axis = 单轴不对称
word-asymmetry-two_axes = 双轴不对称
field-colour_count = 颜色数
word-colour_count-one = 一种
word-colour_count-two = 两种
word-colour_count-three_or_more = 三种或更多
field-structure = 结构
word-structure-network = 色素网
word-structure-globules = 点或球状结构
word-structure-streaks = 条纹
word-structure-blue_white_veil = 蓝白幕
word-structure-regression = 消退结构
word-structure-structureless = 无结构
field-artefact = 伪影
word-artefact-none = 无
word-artefact-hair = 毛发
word-artefact-ruler = 标尺
word-artefact-gel = 凝胶气泡
word-artefact-vignette = 暗角
field-symmetry = 对称性
word-symmetry-symmetric = 对称
word-symmetry-asymmetric = 不对称
field-zone_contrast = 分区对比
word-zone_contrast-clear = 清晰
word-zone_contrast-weak = 较弱

## Links and files

share = 保存与分享
share-close = 关闭：保存与分享
share-link-title = 指向当前画面的链接
share-link-note = 链接包含图像、注视、文字、图层、学生网络、随机种子和课程步骤，不包含任何图片。上课时，可以去掉会分散注意力的部分：
share-hide = 链接打开的页面不显示的部分
share-link = 链接
share-copy = 复制
share-copied = 链接已复制。
share-copy-yourself = 浏览器不允许页面复制。链接已选中：请自行复制。
share-own-image = 您自己的图像及其上的注视和文字不在链接中。
share-long = 链接只含前 { $most } 个注视点；CSV 文件包含全部。
part-choose = 选择图像
part-replay = 回放
part-scores = 得分
part-students = 训练方式
part-description = 描述
part-layers = 图层
part-compare = 比较
part-distil = 现场训练
part-more = 详情
save-title = 文件
save-note = 在此标签页中生成，不发送到任何地方。掩膜与图像本身尺寸相同，内部为 255，外部为 0。
save-teacher = 教师网络的掩膜（PNG）
save-student = 学生网络的掩膜（PNG）
save-picture = 带图层的图片（PNG）
save-gaze = 注视（CSV）
save-record = 全部内容（JSON）
saved = { $file } 已保存。
not-saved = 文件无法保存：{ $cause }。
record-notice = 仅供研究和教学使用，不是医疗器械。模拟的注视和测量所得的文字均有标明。
gaze-file = 打开注视（CSV）
gaze-file-no-image = { $file }：请先打开图像，再打开其注视。
gaze-file-empty = 其中没有注视点。
gaze-file-other = 其中没有“{ $image }”的注视，只有 { $names } 的。请在文件中改名，或打开其中之一。
gaze-file-long = 一幅图像上有 { $count } 个注视点，超过可取用的 { $most } 个。
points-taken-file = 已从 { $file } 取用 { $points }。
address-followed = 这就是链接所示的内容。
address-unreadable = 地址有一部分无法读取：{ $pairs }。其余部分已显示。
case-unknown = 图库中没有图像“{ $case }”。该链接可能用于此页面的其他版本。

## The page on a stand

stand = 展台
stand-begin = 触摸开始
stand-alone = 独自
stand-glance = 看一眼
stand-glance-simulated = 模拟的一眼
stand-glance-recorded = 记录的一眼
stand-skip = 跳过
stand-leave = 离开
stand-code = 二维码：在手机上打开本页面
stand-look = 找出{ $noun }。只有您指向的地方是清晰的。
stand-looked = 您的一眼，以及由此得到的轮廓。
stand-one = 这里有两处。请看其中一处。
stand-one-seen = 这是一处。
stand-other = 现在请看另一处。
stand-other-seen = 同一幅图，另一眼。
stand-glances =
    { $left ->
       *[other] 来教一个全新的网络：还要看 { $left } 眼。
    }
stand-learning = 它只从您的注视中学习。
stand-learning-fit = 它正在学习。它从未见过这些图：{ $fit }
stand-learnt = 您的注视教会了这个网络。
stand-learnt-fit = 您的注视教会了它。在从未见过的图上：{ $fit }

## What visitors bring: dropped, pasted, chosen, dragged from another tab

incoming-kept = 程序就绪后将打开 { $names }。
incoming-stopped = 无法打开 { $names }。请重新加载页面，然后再次放入。
incoming-not-taken = 没有打开任何内容。
incoming-link = 收到的是链接，而不是图片；本页面不从其他网站获取任何内容。请先保存图片，再把文件拖放到这里；或者复制图片本身后粘贴。
incoming-text = 收到的是文字，而不是图片。请放入图片（JPEG、PNG、WebP 或 DICOM）或注视文件（CSV）。
incoming-nothing = 没有收到可以在这里打开的内容。请放入图片（JPEG、PNG、WebP 或 DICOM）或注视文件（CSV）。
incoming-folder = { $name } 是文件夹。请打开它，放入其中的一张图片。
incoming-empty = { $file }：文件为空（0 字节）。下载可能中断了：请重新获取。
incoming-foreign = { $file } 是{ $format }。{ $remedy }
incoming-left-pictures =
    { $count ->
       *[other] 每次只打开一张图片，因此未打开 { $names }。
    }
incoming-left-masks =
    { $count ->
       *[other] 从名称看，{ $names } 是掩膜，因此未取用：页面只与自带病例的轮廓比较。单独放入时会作为图片打开。
    }
incoming-left-more =
    { $count ->
       *[other] 另有 { $count } 个文件未取用。
    }
incoming-beside-glances = 未取用 { $file }：它与“教学”标签页的注视一同放入，而后者单独取用。
incoming-left-gaze = 未取用 { $file }：当前注视来自 { $taken }。
incoming-overtaken = { $former } 尚未显示就被放下，因为随后收到了 { $newer }。
incoming-gaze-alone = 未取用 { $file } 中的注视，因为它的图片没有打开。
names = { $names }
names-more = { $names } 以及另外 { $count } 个
format-sound = 音频文件
format-office = 办公软件的文档
remedy-office = 请把其中的图片另存为 JPEG 或 PNG，或把表格另存为 CSV，然后放入。
remedy-other = 本页面可打开图片（JPEG、PNG、WebP、DICOM）和注视（CSV）。

## DICOM files: why one is not read, and what is said of one that is

dicom-none = 这不是 DICOM 文件：开头缺少字母 DICM。请重新获取文件，或放入其他格式的图片。
dicom-large = 其压缩数据超过 { $size } MB。
dicom-syntax = 其像素以 { $name } 方式压缩，这里无法读取。
dicom-missing = 缺少元素 { $name }。
dicom-value = 元素 { $name } 的值“{ $value }”不成立。
dicom-no-pixels = 此 DICOM 文件中没有图像。请放入含有像素的文件。
dicom-float = 其像素为浮点数，这里无法读取。
dicom-bits = 其像素在 { $allocated } 位中使用 { $stored } 位，这种存储方式这里无法读取。
dicom-photometric = 其颜色以 { $name } 方式存储，这里无法读取。
dicom-fragments = 其 { $frames } 帧分成多段存储，无法得知哪一段属于哪一帧。
dicom-codec = 其 { $name } 像素已损坏，或属于这里无法读取的类型。
dicom-table = 其表 { $name } 已损坏，或属于这里无法读取的形式。
dicom-frame = 文件含有 { $frames } 帧；打开的是中间的第 { $frame } 帧。
dicom-pixels = DICOM 文件中只使用像素；不显示也不保存任何患者信息。

## What goes wrong in files, in models and on devices; the causes in brackets are those of browsers and drivers

file-cause = { $file }：{ $cause }
as-said = { $text }
image-other-format = 这是{ $format }，不是 JPEG、PNG 或 WebP 图像。{ $advice }
image-unknown = 这不是 JPEG、PNG 或 WebP 图像，也不是这里已知的其他格式。请把图像另存为 PNG 或 JPEG。
image-too-large = 图像过大，为 { $width } × { $height } 像素。请缩小：每边最多 { $side } 像素，总共约 4000 万像素。
image-cut = 图像不完整，缺少结尾。请从来源处重新获取。
image-unsupported = 无法读取这一类图像。请另存为普通的 PNG 或 JPEG。
image-damaged = 图像已损坏。请从来源处重新获取，或再保存一次。
image-transparent = 此图片的透明部分以黑色显示，并按黑色读取。
image-turned = 图片已按文件中的方向信息转正。
image-stretched = 图片每通道 16 位：{ $low } 以黑色、{ $high } 以白色显示并读取。
image-first-picture = 图片是动画：打开的是第一帧。
format-empty = 空文件
format-heif = 手机拍摄的 HEIC 图片
format-picture = { $name } 图片
format-tiff = TIFF 图片或相机的原始照片
format-psd = Photoshop 文档
format-svg = SVG 图形
format-pdf = PDF 文档
format-html = 网页
format-dicom = DICOM 文件
format-volume = { $name } 切片体数据
format-array = 数值数组（NumPy）
format-video = 视频
format-zip = ZIP 压缩包
format-archive = 压缩文件
format-lfs = Git LFS 指针，而不是文件本身
format-text = 文本文件
advice-save = 请另存为 PNG 或 JPEG 后放入。
advice-export = 请把其中一个切片、一页或一帧另存为 PNG 后放入。
advice-get-again = 请重新获取图片：下载或复制出了错。
advice-unpack = 请先解压，再放入其中的一张图片。
advice-lfs = 请用 `git lfs pull` 获取文件本身。
gaze-header-missing = 第 1 行：文件为空；应为表头 `{ $header }`。
gaze-header = 第 1 行：应为表头 `{ $header }`（同样的名称也可用分号或制表符分隔），实际为 `{ $found }`。
gaze-field-count = 第 { $line } 行：字段数应与表头一致，实际有 { $found } 个。
gaze-field = 第 { $line } 行，字段 { $field }：应为{ $expected }，实际为 `{ $found }`。
gaze-columns = 第 { $line } 行：表头缺少列 { $missing }；应含 `{ $header }` 中的各列，顺序不限。
gaze-separator = 第 { $line } 行：表头的字段用{ $header }分隔，而此行用{ $row }。请统一使用一种。
separator-commas = 逗号
separator-semicolons = 分号
separator-tabs = 制表符
gaze-decimal = 第 { $line } 行，字段 { $field }：无法判断 `{ $found }` 中逗号和小数点哪个表示小数。请一律使用小数点，且不用千位分隔符。
gaze-outside = 第 { $line } 行：位置 `{ $found }` 在图像之外，{ $of } 个位置中有 { $outside } 个如此。{ $cause }
gaze-units-pixels = 看起来是像素：请把 x 除以图像宽度，把 y 除以图像高度。
gaze-units-per-cent = 看起来是百分数：请除以 100。
gaze-units-origin = 许多为负值：原点可能在中心或左下角。位置应为从图像左上角起的图像比例。
gaze-units-screen = 可能是屏幕的比例：应为从图像左上角起的图像比例。
gaze-rows-passed = 未计入的行：无注视 { $lost } 行，图像之外 { $outside } 行，重复 { $repeated } 行。
text-code-page = 第 { $line } 行不是 UTF-8（`{ $found }`）。请另存为“CSV UTF-8”。
text-broken-utf16 = 第 { $line } 行不是完整的 UTF-16：文件已损坏或不完整。请重新写出，最好用 UTF-8。
text-utf32 = 文件为 UTF-32。请另存为 UTF-8。
text-not-text = 第 { $line } 行含有 NUL 字节，因此不是文本文件，或已损坏。
gaze-same-stem = 第 { $line } 行，字段 IMAGE：`{ $found }` 与 `{ $earlier }` 去掉扩展名后同名；请重命名其中之一。
gaze-malformed = 第 { $line } 行：无法按 CSV 读取；可能缺少引号。
gaze-column-image = 图像的文件名
gaze-column-number = 不小于 0 的数
gaze-column-fraction = 0 到 1 之间的图像比例
gaze-column-ms = 以毫秒计的时间，有限且不为负
gaze-column-pixels = 不小于 1 的像素尺寸
bundle-missing = 无法取得模型文件 { $file }。请重新加载页面。（技术细节：{ $cause }）
bundle-damaged = 模型文件 { $file } 已损坏。请重新加载页面；如仍无效，则是服务器上的文件已损坏。（技术细节：{ $cause }）
bundle-unfit = 模型文件 { $file } 与此版本的页面不符。请重新加载页面；如仍无效，则是服务器上混有两个版本的文件。（技术细节：{ $cause }）
bundle-no-manifest = 模型缺少 { $file }。请重新加载页面。
bundle-no-goldens = 模型没有可用来核验设备的参考输出。
device-failed = 设备在计算时出错（{ $cause }）
device-check-failed = { $device } 在自检时出错（{ $cause }）
device-lost = 图形设备已丢失
device-lost-why = 图形设备已丢失（{ $cause }）
model-differs = { $device } 未能重现“{ $name }”的参考输出。
webgpu-no-device = 此浏览器没有提供 WebGPU 设备（{ $cause }）
step-lacks = 训练步骤缺少 { $what }：它是按其他设置准备的。请重新开始训练。
engine-request-unread = 无法读取一个请求（{ $error }）
engine-not-ready = 引擎尚未就绪，无法执行。
engine-loaded-already = 引擎已有模型。
engine-panicked = 程序出错：{ $cause }
image-not-open = 此图像已不再打开。
mask-size = 掩膜为 { $mask } 像素，其图像为 { $image } 像素。
mask-not-written = 无法写出掩膜（{ $cause }）。
live-no-student = 此图像上没有学生网络在学习。
live-no-gaze = 它没有可供学习的注视。
live-nothing = 训练需要一个学生网络和一幅图像。
live-untold = 对其中一幅图像还没有可学习的内容。
live-not-finite = 第 { $step } 步得到了非有限的数值，已撤回：学生网络保持该步之前的状态。请重置，或选择另一个随机种子或目标。
live-input-not-finite = 学习材料中含有非有限的数值（{ $what }），因此没有进行训练。请打开另一幅图像，或选择其他文字。
live-part-image = 图像
live-part-gaze = 注视
live-part-text = 文字
live-part-target = 学习目标
description-json = 描述不是 JSON 对象：{ $cause }
description-unknown-field = 未知字段 `{ $field }`；模式包含：{ $allowed }
description-missing = 缺少字段 `{ $field }`
description-value = `{ $value }` 不是字段 `{ $field }` 的值；可取：{ $allowed }
description-conflict = 字段 `{ $field }` 自相矛盾或与其他字段矛盾：{ $cause }

## The screen: tabs, panels, and what stands behind "About"

about-open = 关于
about = 关于 Fovea
about-close = 关闭：关于 Fovea
about-paper = 方法依据 Chen 等人的 “From Gaze to Insight”（<abbr>IEEE TMI</abbr>，2025）。本项目是用 Rust 完成的独立实现。代码和全部结果及数据都在项目的代码库中。
about-book = 延伸阅读：<a>使用手册</a>和<a>代码文档</a>。两者都是英文。
tabs = 对图像做什么
tab-look = 注视
tab-words = 文字
tab-teach = 教学
tab-compare = 比较
look-say = 您看哪里，决定勾画什么。
look-key-outline = 蓝色轮廓跟随您的注视。
look-key-student = 黄色轮廓来自学生网络。它只看图像。
look-begin-first = 注视几秒钟
look-begin = 注视 { $seconds } 秒
look-end = 停止观看
look-more = 更多注视方式
words-more = 更多关于文字
teach-more = 设置
gallery-more = 更多
layers-more = 更多
practice-image = 绘制的练习图像 { $number }

## Pictures of the shipped galleries, by their ids

case-cju2y40d8ulqo0993q0adtgtb = 皱襞旁的圆丘
case-cju7ddtz729960801uazp1knc = 在器械旁
case-cju2mh8t6p07008350e01tx2a = 隆起上的隆起
case-cju1amqw6p8pw0993d9gc5crl = 橙色中隐约可见
case-cju32srle1xfq083575i3fl75 = 在明亮的皱襞上
case-cju3v11mrgwwb0755u242ygye = 与底色相同
case-cju1c3218411b08014g9f6gig = 在上缘
case-cju84hibuktj80871u519o71q = 只有反光可辨
case-cju15wdt3zla10801odjiw7sy = 又大又红
case-cju1cqc7n4gpy0855jt246k68 = 小而发亮
case-cju17z0qongpa0993de4boim4 = 在暗处旁
case-cju1cbokpuiw70988j4lq1fpi = 明亮，旁边也一样亮
case-cju6v1m1xv07w09870ah3njy1 = 同时有两个
case-cju2wve9v7esz0878mxsdcy04 = 皱襞顶上
case-cju45rj7ln8980850a7821fov = 两个相距很远
case-cju45v0pungu40871acnwtmu5 = 食物残渣旁
case-cju31w6goazci0799n014ly1q = 在视野边缘
case-ISIC_0014253 = 两颗痣，指的是其中一颗
case-ISIC_0014576 = 几乎与皮肤同色
case-ISIC_0014778 = 容易的一幅
case-ISIC_0011150 = 毛发之下
case-ISIC_0001254 = 贴纸旁
case-ISIC_0012332 = 大的上方有个小的
case-ISIC_0013054 = 笔迹旁
case-ISIC_0010862 = 不止深色部分
case-ISIC_0000162 = 一个环
case-ISIC_0013663 = 晒黑的皮肤上，边界模糊
case-Prostate3T-01-0001_13 = 膀胱下方
case-Prostate3T-01-0002_16 = 结节状
case-ProstateX-0218_12 = 大而圆的腺体
case-ProstateX-0001_11 = 充盈的直肠上方
case-ProstateX-0000_11 = 明亮的边缘
case-ProstateX-0218_10 = 同一腺体，更低层面

## 用几张图片教一个学生网络：引擎拒绝的情形

teach-no-room = 无法加入 { $file }：它需要 { $needed } MB，而已读取的 { $count } 张图片总共最多占用 { $limit } MB。请先移除几张。
teach-no-picture = 这张图片尚未读取。请重新加入课程。
teach-not-read = 它没有读完。请重新加入课程。
teach-no-glance = 上面没有任何注视。请看一看它，或跳过它。
teach-no-truth = 它的真实掩膜未知。请添加掩膜文件，或用注视来教。
teach-nothing = 还没有任何图片可供学习。请至少看一张图片。
teach-many-courses = 最多同时有 { $count } 个学生网络学习。请先丢弃其中一个。
teach-no-course = 这个学生网络已被丢弃。请重新开始。
teach-not-finite = 第 { $step } 步得到了非有限的数值，已撤销。请换一个随机种子重新开始。
teach-not-written = 无法写出学生网络（{ $cause }）。

## 注视：清晰的圆盘，第一次注视

look-invitation = 这里有一处{ $noun }。请看着它。
look-invitation-own = 请看着您认为是{ $noun }的地方。
look-worth-fit = 单独 { $alone }，加上您的一瞥 { $with }
look-worth-fit-nothing = 单独 { $alone }。在您注视的地方，教师网络什么也没有勾画。
look-worth-area = 单独时勾画图像的 { $alone }，加上您的一瞥为 { $with }。
look-worth-only-with = 单独时什么也没有勾画，加上您的一瞥勾画图像的 { $with }。
look-worth-only-alone = 单独时勾画图像的 { $alone }，加上您的一瞥什么也没有勾画。
look-worth-neither = 无论单独还是加上您的一瞥，都什么也没有勾画。
look-begun = 请看：您有 { $seconds } 秒。只有圆盘内是清晰的。
look-left = 还剩 { $seconds } 秒
look-found = 已记录您的注视：{ $points }。
look-outside = 清晰的圆盘一直不在图像上。请再看一次，并把它移到图像上。
look-too-short = 时间太短，不足以形成一次注视。请再看一次，并在图像上稍作停留。
look-restless = 清晰的圆盘一直没有停下。请再看一次，并停在您所看的地方。
look-length = { $seconds } 秒
look-disc = { $degrees }°，在一臂距离（60 厘米）处为 { $pixels } 像素
look-about = 在注视模式下，图像是模糊的，只有指针下的一个圆盘是清晰的，因此指针的轨迹大致反映您在看哪里，如同 BubbleView（Kim 等，2017，用点击）和 SALICON（Jiang 等，2015，用移动的鼠标）。它是对人们注视位置的近似，不是眼动追踪；由此得到的注视标为“指针注视”。

## 教一个网络：标签页

teach-say = 看几张图片。一个全新的网络只从您的目光中学习。
teach-pictures = 要看的图片
teach-start = 开始看
teach-next = 看第 { $number } 张，共 { $of } 张
teach-learn = 学习
teach-pause = 暂停
teach-go-on = 继续
teach-references = 与其他教师比较
teach-skip = 跳过这张图片
teach-undo = 收回这次注视
teach-again = 丢弃这个学生
teach-progress = 学生的进度
teach-unseen = 它从未见过的图片
teach-how-many = 看多少幅才够？
teach-how-many-alt = 图表：Dice 随图像数量的变化，每种注视时长一条线
teach-how-many-note = 由训练程序以相同的方法和记录的注视在息肉上测得：results/teach-polyp.json。
teach-race = 两个学生在一张图片上比赛
teach-chart-label = 未见图片上的吻合度随步数的变化
teach-chart = 未见图片上的吻合度
teach-begun = 学生正在学习。
teach-looked = { $seconds } 秒
teach-skipped = 已跳过
teach-taken = { $of } 张图片中已完成 { $done } 张。
teach-nothing-yet = 所有图片都被跳过了。请按一张图片并看它。
teach-preparing = 正在读取图片：{ $of } 个视图中的 { $done } 个。
teach-fit-now = 目前在未见图片上为 { $fit }
teach-fit = 看过 { $pictures } 张图片之后，在它从未见过的图片上为 { $fit }
teach-cost = 您看了 { $looked } 秒；勾画 { $pictures } 张图片大约需要 { $minutes } 分钟（GazeMedSeg：每张 75 秒）。
teach-untrained = 学习之前：{ $fit }。
teach-simulated = 由模拟视线教：{ $fit }。
teach-outlines = 由真实轮廓教：{ $fit }。
teach-yours = 您的
teach-theirs = 对方的
teach-two = 您的学生吻合度为 { $yours }，对方的为 { $theirs }。
teach-two-cost = 您用 { $looked } 秒看了其中 { $pictures } 张图片，对方用 { $long } 秒看了 { $others } 张。两个学生勾画的是同样的未见图片。
teach-theirs-fit = 由对方的注视教出的学生在未见图片上的吻合度为 { $fit }。对方用 { $looked } 秒看了其中 { $pictures } 张图片。
teach-theirs-learns = 一个学生正在从对方的注视中学习。

## Links with glances, and the files of a class

links = 链接与班级
links-say = 带有您的注视的链接，可以让另一个人在同样的图片上比较两位教师。一个班级的文件会得到一张图表。
links-copy = 复制带有我的注视的链接
links-save = 把我的注视保存为文件
links-choose = 打开注视文件
links-long = 您的注视放不进 { $most } 个字符的链接，因此已保存为文件。
links-teach = 用对方的注视教一个学生
links-forget = 移除对方的注视
links-theirs = 另一个人用 { $seconds } 秒看了其中 { $pictures } 张图片。{ $gaze }。
links-left = 图库中没有可供观看的 { $names }；这些注视已略去。
links-unknown = 对方的注视都不在此图库的图片上：{ $names }。它们可能属于本页面的另一个版本。您的注视保持不变。
links-domain = 对方的注视属于另一类图像（{ $theirs }；这里是{ $here }）。在您选择那一类之前，它们会等待。您的注视保持不变。
class-chart-label = 纵轴为未见图片上的吻合度，横轴为观看的秒数。
class-summary = 图表中有 { $count } 个学生：吻合度 { $low } 至 { $high }，平均 { $mean }，观看 { $short } 至 { $long } 秒。
class-none = 图表中没有学生。
class-caption = 各个学生，以及有的不在图表中的原因
class-student = 学生
class-seconds = 观看（秒）
class-glances = 图片
class-fit = 吻合度
class-note = 备注
class-away = 清空图表
class-untrained = 未训练
class-simulated = 模拟注视
class-outlines = 真实轮廓
class-no-result = 没有结果：在学习之前保存
class-domain = 另一类图像：{ $noun }
class-basis = 用另一个网络或其他图片测得
class-full = 未取用 { $file }：图表最多容纳 { $most } 个文件。
glances-json = 第 { $line } 行：这不是 JSON。文件已损坏或被改动。
glances-kind = 其中没有本页面的注视。
glances-version = 它由更新的页面写成（版本 { $version }）。请重新加载本页面。
glances-form = 第 { $line } 行：这里缺少内容，或不是注视文件应有的内容。
glances-domain = 它属于本页面不认识的一类图像：`{ $domain }`。
glances-gaze = 它写明的注视种类是本页面不认识的：`{ $gaze }`。
glances-picture = 图片 `{ $picture }` 上的注视没有注视点，或有超出范围的注视点。
glances-pictures = 其中没有注视、注视过多，或同一图片有两次注视。
glances-result = 它的结果超出范围。

## The visitor's own pictures

own-open = 您自己的图片
own-say = 放入多张图片或一个文件夹，有掩膜也可一并放入。一切都留在本标签页中。
own-choose = 选择图片
own-folder = 选择文件夹
own-more = 添加图片
own-hand = 手绘轮廓
own-undo = 撤销
own-learn = 用 { $count } 张图片学习
own-glance-on = 再看更多图片
own-progress-label = 进度
own-progress = 共 { $of } 张：完成 { $done } 张，跳过 { $skipped } 张。
own-most = 学生只从前 { $count } 张学习。
own-taking = 正在读入第 { $done } 个文件，共 { $of } 个。
own-saving = 正在写入第 { $done } 张图片，共 { $of } 张。
own-drawing = 学生已画出 { $done } 张，共 { $of } 张。
own-fit = 与 { $count } 张未学过的图片的掩膜平均吻合度：{ $fit }。
own-settled = 已接受 { $done } 个掩膜，共 { $of } 张。点按图片以评判其掩膜。
own-times = 每张图片平均用时：手绘 { $hand } 秒，视线 { $glance } 秒。
own-time-glance = 每张图片平均用时：视线 { $glance } 秒。
own-time-hand = 每张图片平均用时：手绘 { $hand } 秒。
own-grid = 您的图片
own-accept = 接受掩膜
own-mend = 修改掩膜
own-again = 再看一次
own-remove = 移除图片
own-is-accepted = { $file }：掩膜已接受。
own-is-mended = { $file }：掩膜已修改。
own-is-drawn = { $file }：轮廓为手绘。
own-state-accepted = 已接受
own-state-mended = 已修改
own-state-drawn = 手绘 { $seconds } 秒
own-state-unreadable = 无法读取
own-save = 保存（ZIP）
own-away = 全部丢弃
own-really = 丢弃 { $count } 张图片及其视线和掩膜吗？
own-really-yes = 丢弃
own-really-no = 保留
own-back = 回到图库的图片
own-stored-today = 这里保存着今天的 { $count } 张图片。
own-stored-yesterday = 这里保存着昨天的 { $count } 张图片。
own-stored-days = 这里保存着 { $days } 天前的 { $count } 张图片。
own-kept = 保存在此浏览器中，直到您丢弃为止。
own-kept-full = 浏览器没有更多空间，关闭本标签页后新的内容不会保留。请保存 ZIP。
own-kept-not = 浏览器无法保存（{ $cause }）。请在关闭本标签页前保存 ZIP。
own-refused = 有 { $count } 个文件未被采用。
own-refused-more = 同样未被采用：{ $names }。
own-kind-unknown = 未知格式
own-not-picture = { $file } 是{ $format }，不是此处可读的图片。
own-broken = { $file } 已损坏，无法显示（{ $cause }）。
own-glances = { $file } 是“教学”标签页的注视。集合只接受图片和掩膜。
own-gaze = { $file } 是视线数据表。集合只接受图片和掩膜。
own-middle-frames = 含有多帧的文件只取了中间一帧：{ $names }。
own-mask-alone = { $file } 是掩膜，但没有对应的图片。
own-masks-several = { $file } 是同一张图片的多个掩膜之一。请只放入其中一个。
own-zip-other = { $file } 是另一种 ZIP。请解压后放入其中的图片。
own-zip-packed = 它的压缩方式此处无法读取。请解压后放入其中的图片。
own-zip-damaged = ZIP 已损坏（{ $cause }）。
own-zip-lacks = ZIP 中没有 { $file }。
brush-label = 在图片上绘画
brush-tools = 工具
brush-outline = 轮廓
brush-brush = 画笔
brush-eraser = 橡皮
brush-size = 大小
brush-help = 在图片上绘画。按键：方向键移动，空格键绘画或设置拐点，回车键闭合轮廓。
brush-time = { $seconds } 秒
brush-done = 完成
brush-cancel = 取消

## 图像下方的文字：句子、尺寸、位置、模型的回答、注意力
word-not-read = { $field }：{ $word }，未读取
word-leave-out = 略去这个词
size-unsaid = 未说明
place-move = 移动位置
answers-field = 项目
answers-measured = 测量结果
answers-model = { $model } 的回答
answers-verdict = 比较
answers-same = 相同
answers-different = 不同
answers-one-side = 一方未说明
answers-agree = { $both } 个词中有 { $same } 个相同。
attention-switch = 显示注意力所在

## The comparison: its headline, the chart of gains, the wipe, the map of agreement, the table of students

data-kvasir-seg = Kvasir-SEG
data-drawn-polyps = 绘制的息肉
data-nci-isbi = NCI-ISBI 2013
data-drawn-prostates = 绘制的前列腺
data-isic = ISIC 2018
data-drawn-skin = 绘制的皮肤病变
labels-heat = 热图
labels-refined = 修正后的掩膜
labels-high-confidence = 高置信度掩膜
labels-teacher = 教师网络的标注
labels-full-supervision = 真实掩膜
test-images = 测试图像（{ $data }）
test-images-counted = { $images } 幅测试图像（{ $data }）
interval = { $low } 至 { $high }
with-interval = { $value }（{ $interval }）
headline-alike = 在 { $on } 上，这 { $count } 个学生网络不相上下：Dice { $low } 至 { $high }。
headline-close = 在 { $on } 上，这 { $count } 个学生网络的 Dice 为 { $low } 至 { $high }；这些数据无法区分它们。
headline-strategy = 在 { $on } 上，使用策略（{ $who }）训练使 Dice 变化 { $by }；这 { $count } 个为 { $low } 至 { $high }。
headline-single = 在 { $on } 上，唯一测量过的学生网络 Dice 为 { $dice }。
headline-told = 在 { $on } 上，以{ $labels }学习得 Dice { $high }，以{ $reference }学习得 { $low }。
headline-told-close = 在 { $on } 上，以{ $labels }学习得 Dice { $high }，以{ $reference }学习得 { $low }；这些数据无法区分它们。
headline-family = { $count } 个学生网络以{ $labels }学习：{ $low } 至 { $high }；{ $who }：{ $by }。
headline-family-alike = { $count } 个学生网络以{ $labels }学习：{ $low } 至 { $high }；未显示任何策略有差别。
headline-gain = 以{ $labels }学习：{ $dice }，比{ $reference } { $by }。
headline-no-gain = 以{ $labels }学习：{ $dice }，比{ $reference } { $by }；未显示差别。
headline-bound = 真实掩膜（上限）：{ $dice }，比{ $reference } { $by }。
headline-trainings =
    { $count ->
        [1] 每个只训练一次；区间为图像间的 95 % 区间。
       *[other] 每个训练 { $count } 次；区间为图像间的 95 % 区间。
    }
headline-other-trainings = 这些训练与本页的学生网络不同。
claims-caption = Dice 的增益。圆环：已发表，一行减另一行。圆点：我们的结果及其 95 % 区间。真实掩膜是上限。
claims-unmeasured = 我们没有在 { $data } 上测量。
claims-other-images = 在 { $data } 上，已发表的数值所用的图像和模拟注视与我们的不同。
claims-method-unet = 用注视训练的 U-Net
claims-row-published = { $of } 减 { $over }
claims-row-strategies-heat = 我们：三种策略，热图
claims-row-strategies-refined = 我们：三种策略，修正后的掩膜
claims-row-bound-heat = 我们：真实掩膜减热图
claims-row-bound-refined = 我们：真实掩膜减修正后的掩膜
claims-published = 已发表：{ $of } { $of_dice } 减 { $over } { $over_dice }，得 { $value }。
claims-measured =
    { $seeds ->
        [1] { $label }：{ $value }，95 % 区间 { $interval }；训练 1 次，{ $images } 幅图像，{ $gaze }。
       *[other] { $label }：{ $value }，95 % 区间 { $interval }；训练 { $seeds } 次，{ $images } 幅图像，{ $gaze }。
    }
claims-gaze-recorded = 记录的注视
claims-gaze-simulated = 模拟的注视
wipe-left = 左侧
wipe-right = 右侧
wipe-divider = 两个轮廓之间的分隔线
wipe-value = { $percent } % 为{ $left }，其余为{ $right }
agreement-one = 1
agreement-all = 全部 { $students }
agreement-says = 全部 { $students } 个都包含图像的 { $all }，只有部分包含 { $some }。两两平均重叠（IoU）：{ $iou }。
agreement-needs-two = 请至少选择两个学生网络，以查看它们在何处一致。
grid-told = 学习目标
grid-bound = { $told }（上限）
grid-shipped = 本页学生网络在 { $on } 上的测试 Dice
grid-ablation = 已公布的消融实验在 { $on } 上的测试 Dice。这些训练与本页的学生网络不同。
grid-cell =
    { $seeds ->
        [1] { $dice }（95 % 区间 { $low } 至 { $high }，训练 1 次）
       *[other] { $dice }（95 % 区间 { $low } 至 { $high }，训练 { $seeds } 次）
    }

## 比较：折叠

compare-scores-title = 全部分数
compare-details = 具体数字

## 注视的改变改变了什么

edit-gaze = 教师网络看到 { $points }。
edit-no-gaze = 教师网络看不到注视。
legend-change-gaze = 您的注视改变了什么

## 指针注视

gaze-pointer = 指针注视
use-gaze-pointer = 使用指针注视
points-taken-pointer = 已从指针注视中取用 { $points }。
