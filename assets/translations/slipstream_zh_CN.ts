<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>About</name>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>What&apos;s new</source>
        <translation>更新内容</translation>
    </message>
    <message>
        <source>Check for updates</source>
        <translation>检查更新</translation>
    </message>
</context>
<context>
    <name>Actions</name>
    <message>
        <source>Export this chat as Markdown</source>
        <translation>将此对话导出为 Markdown</translation>
    </message>
    <message>
        <source>Export this chat as HTML</source>
        <translation>将此对话导出为 HTML</translation>
    </message>
    <message>
        <source>Export this chat as PDF</source>
        <translation>将此对话导出为 PDF</translation>
    </message>
    <message>
        <source>Export this chat as JSON</source>
        <translation>将此对话导出为 JSON</translation>
    </message>
    <message>
        <source>Rename this chat</source>
        <translation>重命名此对话</translation>
    </message>
    <message>
        <source>Pin this chat</source>
        <translation>置顶此对话</translation>
    </message>
    <message>
        <source>Unpin this chat</source>
        <translation>取消置顶此对话</translation>
    </message>
    <message>
        <source>Delete this chat</source>
        <translation>删除此对话</translation>
    </message>
    <message>
        <source>Export all chats as JSON</source>
        <translation>将全部对话导出为 JSON</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Search all chats</source>
        <translation>搜索全部对话</translation>
    </message>
    <message>
        <source>Go to the list of chats</source>
        <translation>转到对话列表</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>New temporary chat</source>
        <translation>新建临时对话</translation>
    </message>
    <message>
        <source>Use a draft model</source>
        <translation>使用草稿模型</translation>
    </message>
    <message>
        <source>Use prompt lookup</source>
        <translation>使用提示词查找</translation>
    </message>
    <message>
        <source>Use no draft</source>
        <translation>不使用草稿</translation>
    </message>
    <message>
        <source>Theme: as the system</source>
        <translation>主题：跟随系统</translation>
    </message>
    <message>
        <source>Theme: light</source>
        <translation>主题：浅色</translation>
    </message>
    <message>
        <source>Theme: dark</source>
        <translation>主题：深色</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新建对话</translation>
    </message>
    <message>
        <source>Write a message</source>
        <translation>撰写消息</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Settings of the answers</source>
        <translation>回答的设置</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Show or hide the sidebar</source>
        <translation>显示或隐藏侧边栏</translation>
    </message>
    <message>
        <source>Mark accepted draft tokens</source>
        <translation>标记被接受的草稿词元</translation>
    </message>
    <message>
        <source>Show or hide the statistics</source>
        <translation>显示或隐藏统计</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>放大文字</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>缩小文字</translation>
    </message>
    <message>
        <source>Text of medium size</source>
        <translation>中等大小的文字</translation>
    </message>
    <message>
        <source>All commands</source>
        <translation>全部命令</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>About Slipstream</source>
        <translation>关于 Slipstream</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Choose the models</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Main model on {device}</source>
        <translation>主模型在 {device} 上</translation>
    </message>
    <message>
        <source>Draft model on {device}</source>
        <translation>草稿模型在 {device} 上</translation>
    </message>
    <message>
        <source>Choose a pair with {model}</source>
        <translation>为 {model} 选择模型对</translation>
    </message>
</context>
<context>
    <name>AnswerCard</name>
    <message>
        <source>This answer</source>
        <translation>本次回答</translation>
    </message>
    <message>
        <source>Tokens per main iteration</source>
        <translation>每次主模型迭代的词元数</translation>
    </message>
    <message>
        <source>TTFT</source>
        <translation>首词元延迟</translation>
    </message>
    <message>
        <source>Time to the first token.</source>
        <translation>从提问到第一个词元的时间 (TTFT)。</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元数</translation>
    </message>
    <message>
        <source>Tokens of this answer.</source>
        <translation>本次回答的词元数。</translation>
    </message>
    <message>
        <source>Accepted / drafted</source>
        <translation>接受 / 草拟</translation>
    </message>
    <message>
        <source>Proposed tokens that the main model accepted, of all proposed tokens.</source>
        <translation>主模型接受的草拟词元数，以及草拟词元总数。</translation>
    </message>
    <message>
        <source>Mean acceptance length</source>
        <translation>平均接受长度</translation>
    </message>
    <message>
        <source>Tokens per main iteration after the first; 1.00 means no gain.</source>
        <translation>首次迭代之后，每次主模型迭代的词元数；1.00 表示没有增益。</translation>
    </message>
</context>
<context>
    <name>AnswerFigures</name>
    <message>
        <source>{count} {count:token|tokens}</source>
        <translation>{count} 个词元</translation>
    </message>
    <message>
        <source>{rate} tok/s</source>
        <translation>{rate} tok/s</translation>
    </message>
    <message>
        <source>TTFT {time}</source>
        <translation>首词元延迟 {time}</translation>
    </message>
    <message>
        <source>accepted {accepted} of {drafted} ({share})</source>
        <translation>接受 {accepted} / {drafted}（{share}）</translation>
    </message>
    <message>
        <source>mean acceptance length {length}</source>
        <translation>平均接受长度 {length}</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>cut at the token limit</source>
        <translation>达到词元上限而截断</translation>
    </message>
</context>
<context>
    <name>Attached</name>
    <message>
        <source>{size}, about {tokens} {tokens:token|tokens}</source>
        <translation>{size}，约 {tokens} 个词元</translation>
    </message>
    <message>
        <source>Hide {name}</source>
        <translation>隐藏 {name}</translation>
    </message>
    <message>
        <source>Show {name}</source>
        <translation>显示 {name}</translation>
    </message>
</context>
<context>
    <name>AttachmentRefusal</name>
    <message>
        <source>“{name}” cannot be read.</source>
        <translation>无法读取“{name}”。</translation>
    </message>
    <message>
        <source>“{name}” has {size_bytes}; at most {limit_bytes} are read.</source>
        <translation>“{name}”大小为 {size_bytes}；最多读取 {limit_bytes}。</translation>
    </message>
    <message>
        <source>“{name}” has more than {limit} {limit:character|characters} of text.</source>
        <translation>“{name}”的文字超过 {limit} 个字符。</translation>
    </message>
    <message>
        <source>“{name}” is neither text nor a PDF or .docx document.</source>
        <translation>“{name}”既不是文本，也不是 PDF 或 .docx 文档。</translation>
    </message>
    <message>
        <source>“{name}” contains no text.</source>
        <translation>“{name}”不含文字。</translation>
    </message>
    <message>
        <source>“{name}” contains no text in its {pages} {pages:page|pages}; it may be a scan.</source>
        <translation>“{name}”共 {pages} 页，不含文字；可能是扫描件。</translation>
    </message>
    <message>
        <source>“{name}” is locked with a password.</source>
        <translation>“{name}”有密码保护。</translation>
    </message>
    <message>
        <source>“{name}” is damaged and cannot be read.</source>
        <translation>“{name}”已损坏，无法读取。</translation>
    </message>
    <message>
        <source>“{name}” has about {tokens} {tokens:token|tokens}; about {free} of the context of {context} {free:is|are} free.</source>
        <translation>“{name}”约有 {tokens} 个词元；{context} 个词元的上下文中约剩 {free} 个。</translation>
    </message>
    <message>
        <source>“{name}” is one too many; {limit} {limit:text|texts} can be attached.</source>
        <translation>无法再附加“{name}”；最多附加 {limit} 个文本。</translation>
    </message>
</context>
<context>
    <name>BackgroundAnswers</name>
    <message>
        <source>The answer in “{chat}” was interrupted. {reason}</source>
        <translation>“{chat}”中的回答已中断。{reason}</translation>
    </message>
    <message>
        <source>Open the chat</source>
        <translation>打开该对话</translation>
    </message>
    <message>
        <source>New answer in “{chat}”</source>
        <translation>“{chat}”中有新回答</translation>
    </message>
    <message>
        <source>Untitled chat</source>
        <translation>未命名对话</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>ChatController</name>
    <message>
        <source>Withdrawn before it was sent to a model.</source>
        <translation>已在发送给模型之前撤回。</translation>
    </message>
    <message>
        <source>The answer is empty.</source>
        <translation>回答为空。</translation>
    </message>
    <message>
        <source>Stopped before the answer was complete.</source>
        <translation>回答未完成即已停止。</translation>
    </message>
    <message>
        <source>Waiting for the models to be loaded…</source>
        <translation>正在等待模型加载…</translation>
    </message>
    <message>
        <source>Waiting for the answer in another chat…</source>
        <translation>正在等待另一个对话的回答完成…</translation>
    </message>
</context>
<context>
    <name>ChatDelegate</name>
    <message>
        <source>Folder name</source>
        <translation>文件夹名称</translation>
    </message>
    <message>
        <source>Chat title</source>
        <translation>对话标题</translation>
    </message>
    <message>
        <source>The title matches</source>
        <translation>标题匹配</translation>
    </message>
</context>
<context>
    <name>ChatDetails</name>
    <message>
        <source>Copy the selection</source>
        <translation>复制所选内容</translation>
    </message>
    <message>
        <source>Copy the selection as Markdown</source>
        <translation>将所选内容复制为 Markdown</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制链接地址</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Replay slowly</source>
        <translation>慢速回放</translation>
    </message>
    <message>
        <source>Go through the steps</source>
        <translation>逐步查看验证步</translation>
    </message>
    <message>
        <source>Show as plain text</source>
        <translation>以纯文本显示</translation>
    </message>
    <message>
        <source>Opens {host}</source>
        <translation>打开 {host}</translation>
    </message>
    <message>
        <source>accepted draft token</source>
        <translation>被接受的草稿词元</translation>
    </message>
    <message>
        <source>main model</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>Step {step}, {origin}
Tokens in this step: {run}</source>
        <translation>第 {step} 步，{origin}
此步词元数：{run}</translation>
    </message>
    <message>
        <source>Took {milliseconds} ms, ready after {seconds} s</source>
        <translation>用时 {milliseconds} ms，{seconds} s 时就绪</translation>
    </message>
</context>
<context>
    <name>ChatList</name>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
</context>
<context>
    <name>ChatListModel</name>
    <message>
        <source>Nothing found.</source>
        <translation>没有找到。</translation>
    </message>
    <message>
        <source>Your chats will be listed here.</source>
        <translation>您的对话会列在这里。</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>已置顶</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Untitled chat</source>
        <translation>未命名对话</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Previous 7 days</source>
        <translation>过去 7 天</translation>
    </message>
    <message>
        <source>{month} {year}</source>
        <translation>{year}年{month}</translation>
    </message>
    <message>
        <source>Folder {name}, {count} {count:chat|chats}</source>
        <translation>文件夹 {name}，{count} 个对话</translation>
    </message>
    <message>
        <source>{title}, pinned</source>
        <translation>{title}，已置顶</translation>
    </message>
    <message>
        <source>{title}: {snippet}</source>
        <translation>{title}：{snippet}</translation>
    </message>
    <message>
        <source>an answer is being made</source>
        <translation>正在生成回答</translation>
    </message>
    <message>
        <source>waits for the model</source>
        <translation>正在等待模型</translation>
    </message>
    <message>
        <source>the answer was interrupted</source>
        <translation>回答已中断</translation>
    </message>
    <message>
        <source>new answer</source>
        <translation>有新回答</translation>
    </message>
</context>
<context>
    <name>ChatReading</name>
    <message>
        <source>Save code as a file</source>
        <translation>将代码保存为文件</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>The file could not be written: {reason}</source>
        <translation>无法写入文件：{reason}</translation>
    </message>
</context>
<context>
    <name>ChatView</name>
    <message>
        <source>Answer finished</source>
        <translation>回答已完成</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>助手</translation>
    </message>
    <message>
        <source>Main model</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>Accepted draft token</source>
        <translation>被接受的草稿词元</translation>
    </message>
    <message>
        <source>Thinking…</source>
        <translation>正在思考…</translation>
    </message>
    <message>
        <source>Thought process</source>
        <translation>思考过程</translation>
    </message>
    <message>
        <source>Thought process, {tokens} {tokens:token|tokens}</source>
        <translation>思考过程，{tokens} 个词元</translation>
    </message>
    <message>
        <source>Thought for {seconds} s, {tokens} {tokens:token|tokens}</source>
        <translation>思考了 {seconds} s，{tokens} 个词元</translation>
    </message>
    <message>
        <source>Chat messages</source>
        <translation>对话消息</translation>
    </message>
    <message>
        <source>Up and Down move between messages, C copies one, Enter opens its menu, Space unfolds thinking and attached texts, S goes through the verify steps</source>
        <translation>上下方向键在消息间移动，C 复制，Enter 打开菜单，空格键展开思考和附加文本，S 逐步查看验证步</translation>
    </message>
</context>
<context>
    <name>Chip</name>
    <message>
        <source>Remove: {text}</source>
        <translation>移除：{text}</translation>
    </message>
</context>
<context>
    <name>CodeBar</name>
    <message>
        <source>Wrap long lines</source>
        <translation>长行自动换行</translation>
    </message>
    <message>
        <source>Save this code as a file</source>
        <translation>将此代码保存为文件</translation>
    </message>
    <message>
        <source>Copy this code</source>
        <translation>复制此代码</translation>
    </message>
    <message>
        <source>Copy code</source>
        <translation>复制代码</translation>
    </message>
    <message>
        <source>Copy {language} code</source>
        <translation>复制 {language} 代码</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>查找命令</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>想做什么？</translation>
    </message>
    <message>
        <source>No matches.</source>
        <translation>没有符合的命令。</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>While writing</source>
        <translation>撰写时</translation>
    </message>
    <message>
        <source>In the chat</source>
        <translation>在对话中</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>任意位置</translation>
    </message>
    <message>
        <source>Send, or let the message wait its turn</source>
        <translation>发送，或让消息排队等待</translation>
    </message>
    <message>
        <source>New line</source>
        <translation>换行</translation>
    </message>
    <message>
        <source>Edit the last message, when nothing is written</source>
        <translation>未写内容时编辑上一条消息</translation>
    </message>
    <message>
        <source>Find in this chat</source>
        <translation>在此对话中查找</translation>
    </message>
    <message>
        <source>Next and previous place</source>
        <translation>下一处、上一处</translation>
    </message>
    <message>
        <source>Message before, message after</source>
        <translation>上一条消息、下一条消息</translation>
    </message>
    <message>
        <source>What can be done with the message</source>
        <translation>可对消息进行的操作</translation>
    </message>
    <message>
        <source>Copy the message</source>
        <translation>复制消息</translation>
    </message>
    <message>
        <source>Show or hide thinking and attached texts</source>
        <translation>显示或隐藏思考和附加文本</translation>
    </message>
    <message>
        <source>Go through the verify steps of the answer</source>
        <translation>逐步查看回答的验证步</translation>
    </message>
    <message>
        <source>Next control, control before</source>
        <translation>下一个控件、上一个控件</translation>
    </message>
    <message>
        <source>Press the button that has the focus</source>
        <translation>按下获得焦点的按钮</translation>
    </message>
    <message>
        <source>Close a dialog or a menu</source>
        <translation>关闭对话框或菜单</translation>
    </message>
</context>
<context>
    <name>CompareDialog</name>
    <message>
        <source>Compare versions</source>
        <translation>比较版本</translation>
    </message>
    <message>
        <source>Left version</source>
        <translation>左侧版本</translation>
    </message>
    <message>
        <source>Right version</source>
        <translation>右侧版本</translation>
    </message>
    <message>
        <source>Version {number}</source>
        <translation>版本 {number}</translation>
    </message>
    <message>
        <source>Version {number}: {strategy}, {device}</source>
        <translation>版本 {number}：{strategy}，{device}</translation>
    </message>
    <message>
        <source>This is the same version twice.</source>
        <translation>两侧是同一个版本。</translation>
    </message>
    <message>
        <source>The two texts are the same, character by character.</source>
        <translation>两段文字逐字相同。</translation>
    </message>
    <message>
        <source>The two texts differ.</source>
        <translation>两段文字不同。</translation>
    </message>
</context>
<context>
    <name>Composer</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Write a message…</source>
        <translation>输入消息…</translation>
    </message>
    <message>
        <source>Messages that wait</source>
        <translation>等待中的消息</translation>
    </message>
    <message>
        <source>Attached texts</source>
        <translation>附加的文本</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Generation settings</source>
        <translation>生成设置</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>{name}: {count} {count:character|characters}</source>
        <translation>{name}：{count} 个字符</translation>
    </message>
    <message>
        <source>Stop (Esc)</source>
        <translation>停止 (Esc)</translation>
    </message>
    <message>
        <source>Send (Enter)</source>
        <translation>发送 (Enter)</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Reading the attached files…</source>
        <translation>正在读取附加的文件…</translation>
    </message>
    <message>
        <source>Enter lets a message wait its turn</source>
        <translation>按 Enter 让消息排队等待</translation>
    </message>
    <message>
        <source>Enter sends the first message that waits</source>
        <translation>按 Enter 发送第一条等待中的消息</translation>
    </message>
    <message>
        <source>Enter sends, Shift+Enter makes a new line</source>
        <translation>按 Enter 发送，Shift+Enter 换行</translation>
    </message>
</context>
<context>
    <name>Composing</name>
    <message>
        <source>Text and documents ({patterns})</source>
        <translation>文本和文档 ({patterns})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Attach files</source>
        <translation>附加文件</translation>
    </message>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
    <message>
        <source>Not attached</source>
        <translation>未附加</translation>
    </message>
</context>
<context>
    <name>ContextButton</name>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Context: {text}</source>
        <translation>上下文：{text}</translation>
    </message>
    <message>
        <source>About {count} {count:token|tokens} in this chat, estimated.</source>
        <translation>此对话约有 {count} 个词元，为估计值。</translation>
    </message>
    <message>
        <source>{count} {count:token|tokens} in this chat, counted by the model.</source>
        <translation>此对话有 {count} 个词元，由模型计数。</translation>
    </message>
    <message>
        <source>About {count} {count:token|tokens} in the message being written, estimated.</source>
        <translation>正在撰写的消息约有 {count} 个词元，为估计值。</translation>
    </message>
    <message>
        <source>This model does not say how much it can read.</source>
        <translation>此模型未说明它能读取多少内容。</translation>
    </message>
    <message>
        <source>The model reads and writes at most {count} {count:token|tokens}.</source>
        <translation>此模型读写合计最多 {count} 个词元。</translation>
    </message>
    <message>
        <source>The NPU reads at most {count} {count:token|tokens} of it at once, and reads the whole chat anew with every message.</source>
        <translation>NPU 一次最多读取其中 {count} 个词元，并且每条消息都会重新读取整个对话。</translation>
    </message>
    <message>
        <source>Too long: {used} of {limit}</source>
        <translation>过长：{used}，上限 {limit}</translation>
    </message>
    <message>
        <source>{used} {used:token|tokens}</source>
        <translation>{used} 个词元</translation>
    </message>
    <message>
        <source>{used} of {context}</source>
        <translation>{used} / {context}</translation>
    </message>
    <message>
        <source>Exchanges left out of the next request, the oldest first: {count}.</source>
        <translation>下次请求将省略的问答数（从最早的开始）：{count}。</translation>
    </message>
    <message>
        <source>The next message does not fit: with the chat it may have {count} {count:token|tokens}, so that the answer has room.</source>
        <translation>下一条消息放不下：为了给回答留出空间，它与对话合计最多 {count} 个词元。</translation>
    </message>
    <message>
        <source>In use: {share}.</source>
        <translation>已使用：{share}。</translation>
    </message>
    <message>
        <source>When a chat is too long:</source>
        <translation>对话过长时：</translation>
    </message>
    <message>
        <source>Stop and say so</source>
        <translation>停止并说明</translation>
    </message>
    <message>
        <source>Leave out the oldest exchanges</source>
        <translation>省略最早的问答</translation>
    </message>
</context>
<context>
    <name>ContinueStrip</name>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>The model goes on where the text ends; nothing is asked in between.</source>
        <translation>模型从文字结尾处接着写；中间不会插入提问。</translation>
    </message>
    <message>
        <source>Continue the answer</source>
        <translation>继续此回答</translation>
    </message>
</context>
<context>
    <name>DecisionCard</name>
    <message>
        <source>Draft length, automatic</source>
        <translation>草稿长度（自动）</translation>
    </message>
</context>
<context>
    <name>DefaultsDialog</name>
    <message>
        <source>Defaults of {model}</source>
        <translation>{model} 的默认设置</translation>
    </message>
    <message>
        <source>Model’s own</source>
        <translation>模型自带</translation>
    </message>
    <message>
        <source>As chosen with the pair</source>
        <translation>随所选的组合</translation>
    </message>
    <message>
        <source>{device} (emulated)</source>
        <translation>{device}（模拟）</translation>
    </message>
    <message>
        <source>What the model can</source>
        <translation>由模型决定</translation>
    </message>
    <message>
        <source>All {count} of the model</source>
        <translation>模型的全部 {count} 个</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>Device of the main model</source>
        <translation>主模型的设备</translation>
    </message>
    <message>
        <source>Device of the draft model</source>
        <translation>草稿模型的设备</translation>
    </message>
    <message>
        <source>Assistant tokens</source>
        <translation>草拟词元数</translation>
    </message>
    <message>
        <source>Context limit in tokens</source>
        <translation>上下文上限（词元）</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>Top p</source>
        <translation>Top p</translation>
    </message>
    <message>
        <source>Top k</source>
        <translation>Top k</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Token limit of an answer</source>
        <translation>回答的词元上限</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>No defaults</source>
        <translation>无默认设置</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Taken whenever this model is chosen, and at once if it is in use.</source>
        <translation>每次选用该模型时生效；若正在使用则立即生效。</translation>
    </message>
</context>
<context>
    <name>DeviceCard</name>
    <message>
        <source>Properties…</source>
        <translation>属性…</translation>
    </message>
    <message>
        <source>Properties of {name}</source>
        <translation>{name} 的属性</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Reset {name}</source>
        <translation>重置 {name}</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Clear the compiled models of {name}</source>
        <translation>清除 {name} 的已编译模型</translation>
    </message>
</context>
<context>
    <name>DevicePageLink</name>
    <message>
        <source>A model that is gone</source>
        <translation>已不存在的模型</translation>
    </message>
    <message>
        <source>{model} on {device}</source>
        <translation>{model}（{device}）</translation>
    </message>
    <message>
        <source>The devices could not be listed: a driver ended or did not answer. Only the processor is offered.</source>
        <translation>无法列出设备：某个驱动程序已退出或没有响应。目前只提供处理器。</translation>
    </message>
    <message>
        <source>Emulated on the processor: its figures say nothing about a real one.</source>
        <translation>在处理器上模拟：其数值不代表真实设备。</translation>
    </message>
    <message>
        <source>Memory: {size}</source>
        <translation>内存：{size}</translation>
    </message>
    <message>
        <source>Driver: {version}</source>
        <translation>驱动程序：{version}</translation>
    </message>
    <message>
        <source>Plugin: {version}</source>
        <translation>插件：{version}</translation>
    </message>
    <message>
        <source>Computes in {kinds}</source>
        <translation>计算类型：{kinds}</translation>
    </message>
    <message>
        <source>emulated</source>
        <translation>模拟</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>未使用</translation>
    </message>
    <message>
        <source>{count} changed</source>
        <translation>已更改 {count} 项</translation>
    </message>
    <message>
        <source>main model</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>draft model</source>
        <translation>草稿模型</translation>
    </message>
</context>
<context>
    <name>DeviceProperties</name>
    <message>
        <source>Longest prompt</source>
        <translation>最长提示词</translation>
    </message>
    <message>
        <source>Tokens the NPU can read at once: system prompt, chat and message. More takes memory and makes compiling slower.</source>
        <translation>NPU 一次能读取的词元数：系统提示词、对话和消息。设得越大，占用内存越多，编译越慢。</translation>
    </message>
    <message>
        <source>Room for the answer</source>
        <translation>为回答保留的空间</translation>
    </message>
    <message>
        <source>Tokens that are always left for an answer, beside the prompt.</source>
        <translation>除提示词之外，始终为回答保留的词元数。</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>读取提示词</translation>
    </message>
    <message>
        <source>DYNAMIC reads short prompts faster; STATIC always reads the longest one.</source>
        <translation>DYNAMIC 读取短提示词更快；STATIC 始终按最长提示词读取。</translation>
    </message>
    <message>
        <source>Compiling for answers</source>
        <translation>为回答编译</translation>
    </message>
    <message>
        <source>FAST_COMPILE starts sooner; BEST_PERF compiles longer and answers faster.</source>
        <translation>FAST_COMPILE 启动更快；BEST_PERF 编译时间更长，回答更快。</translation>
    </message>
    <message>
        <source>Precision of computing</source>
        <translation>计算精度</translation>
    </message>
    <message>
        <source>f32 is exact and slow; bf16 and f16 are fast and round a little.</source>
        <translation>f32 精确但慢；bf16 和 f16 快，会有少量舍入。</translation>
    </message>
    <message>
        <source>Precision of the KV cache</source>
        <translation>KV 缓存精度</translation>
    </message>
    <message>
        <source>How exactly the chat so far is remembered. u8 takes half the memory of f16, u4 a quarter, and rounds more.</source>
        <translation>记住已有对话的精确程度。u8 占用 f16 一半的内存，u4 占四分之一，舍入更多。</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <source>Processor threads that compute; 0 leaves it to the runtime.</source>
        <translation>参与计算的处理器线程数；0 表示由运行时决定。</translation>
    </message>
    <message>
        <source>Performance hint</source>
        <translation>性能提示</translation>
    </message>
    <message>
        <source>LATENCY suits a chat; THROUGHPUT suits many requests at once.</source>
        <translation>LATENCY 适合聊天；THROUGHPUT 适合同时处理许多请求。</translation>
    </message>
    <message>
        <source>Group of dynamic quantization</source>
        <translation>动态量化分组大小</translation>
    </message>
    <message>
        <source>Values quantized together while computing; larger is faster and less exact, 0 turns it off.</source>
        <translation>计算时一起量化的数值个数；越大越快但越不精确，0 表示关闭。</translation>
    </message>
    <message>
        <source>Cores</source>
        <translation>核心</translation>
    </message>
    <message>
        <source>Which cores of the processor compute, where it has several kinds.</source>
        <translation>处理器有多种核心时，由哪些核心计算。</translation>
    </message>
    <message>
        <source>Hyper-threading</source>
        <translation>超线程</translation>
    </message>
    <message>
        <source>Whether both threads of a core compute.</source>
        <translation>一个核心的两个线程是否都参与计算。</translation>
    </message>
    <message>
        <source>Threads stay on their core</source>
        <translation>线程固定在核心上</translation>
    </message>
    <message>
        <source>Steadier speed; other programs wait more.</source>
        <translation>速度更稳定；其他程序等待更久。</translation>
    </message>
    <message>
        <source>Size of the KV cache (GiB)</source>
        <translation>KV 缓存大小（GiB）</translation>
    </message>
    <message>
        <source>Memory taken at once for main and draft model; 0 grows as needed.</source>
        <translation>为主模型和草稿模型一次性占用的内存；0 表示按需增长。</translation>
    </message>
    <message>
        <source>Prefix caching</source>
        <translation>前缀缓存</translation>
    </message>
    <message>
        <source>What was read once is not read again in the next turn, so long chats go on sooner.</source>
        <translation>读过的内容在下一轮不再重读，因此长对话能更快继续。</translation>
    </message>
    <message>
        <source>Tokens read at a time</source>
        <translation>每次读取的词元数</translation>
    </message>
    <message>
        <source>Long prompts are read in pieces of this length: less memory, slower to start.</source>
        <translation>长提示词按此长度分段读取：内存更少，开始更慢。</translation>
    </message>
    <message>
        <source>Prompts may be read in pieces</source>
        <translation>允许分段读取提示词</translation>
    </message>
    <message>
        <source>If not, a prompt longer than a piece is not read at all.</source>
        <translation>如果不允许，超过一段长度的提示词将完全不会被读取。</translation>
    </message>
    <message>
        <source>Keep compiled models</source>
        <translation>保留已编译的模型</translation>
    </message>
    <message>
        <source>A model is compiled once and read from disk afterwards, so later starts are quick.</source>
        <translation>模型只编译一次，之后从磁盘读取，因此以后启动很快。</translation>
    </message>
    <message>
        <source>The device does not know {name}.</source>
        <translation>该设备没有属性 {name}。</translation>
    </message>
    <message>
        <source>{name} cannot be set.</source>
        <translation>{name} 不能设置。</translation>
    </message>
    <message>
        <source>{name} takes another kind of value.</source>
        <translation>{name} 需要另一种类型的值。</translation>
    </message>
    <message>
        <source>For {name} the device takes: {options}.</source>
        <translation>对于 {name}，该设备接受：{options}。</translation>
    </message>
    <message>
        <source>For {name} the device takes {minimum} to {maximum}.</source>
        <translation>对于 {name}，该设备接受 {minimum} 到 {maximum}。</translation>
    </message>
</context>
<context>
    <name>DevicePropertiesEditor</name>
    <message>
        <source>What is set here holds for every model that is loaded on this device.</source>
        <translation>这里的设置对加载到该设备上的所有模型有效。</translation>
    </message>
    <message>
        <source>It is emulated: some of it has no effect here.</source>
        <translation>该设备是模拟的：部分设置在这里不起作用。</translation>
    </message>
    <message>
        <source>Properties of {device}</source>
        <translation>{device} 的属性</translation>
    </message>
    <message>
        <source>Prompt and answer</source>
        <translation>提示词与回答</translation>
    </message>
    <message>
        <source>Computing</source>
        <translation>计算</translation>
    </message>
    <message>
        <source>Memory and batching</source>
        <translation>内存与批处理</translation>
    </message>
    <message>
        <source>Compiled models</source>
        <translation>已编译的模型</translation>
    </message>
    <message>
        <source>Everything else the plugin takes</source>
        <translation>插件接受的其他属性</translation>
    </message>
    <message>
        <source>What the plugin says of itself</source>
        <translation>插件报告的信息</translation>
    </message>
</context>
<context>
    <name>DeviceText</name>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Graphics in the processor</source>
        <translation>处理器内置显卡</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>独立显卡</translation>
    </message>
    <message>
        <source>Neural processor (NPU)</source>
        <translation>神经网络处理器 (NPU)</translation>
    </message>
    <message>
        <source>Other device</source>
        <translation>其他设备</translation>
    </message>
    <message>
        <source>The system shows no {family}: this machine has none, or it is turned off or without its kernel driver ({driver}). Besides that one needs the packages {packages}.</source>
        <translation>系统中没有 {family}：本机没有该设备，或者它已关闭，或者缺少内核驱动（{driver}）。此外还需要软件包 {packages}。</translation>
    </message>
    <message>
        <source>There is one at {path}, but you may not use it. Add yourself to the group {group} (sudo usermod -aG {group} $USER), then log in again.</source>
        <translation>{path} 处有一个，但您无权使用。请将自己加入 {group} 组（sudo usermod -aG {group} $USER），然后重新登录。</translation>
    </message>
    <message>
        <source>There is one, but its compute runtime is missing. On Ubuntu and Debian: sudo apt install {packages}; elsewhere from the Intel compute-runtime releases.</source>
        <translation>有一个，但缺少其计算运行时。在 Ubuntu 和 Debian 上：sudo apt install {packages}；其他系统请从 Intel compute-runtime 的发布页获取。</translation>
    </message>
    <message>
        <source>OpenVINO sees none. If this machine has one, install its driver: the packages {packages} from the Intel linux-npu-driver releases, or on Windows the Intel NPU Driver from Intel&apos;s download page or Windows Update.</source>
        <translation>OpenVINO 没有发现它。如果这台电脑有该设备，请安装驱动程序：从 Intel linux-npu-driver 的发布页安装软件包 {packages}；在 Windows 上，从 Intel 下载页面或 Windows 更新安装 Intel NPU 驱动程序。</translation>
    </message>
    <message>
        <source>OpenVINO sees none. If this machine has Intel graphics, install the present driver from Intel&apos;s download page or Windows Update.</source>
        <translation>OpenVINO 没有发现它。如果这台电脑有 Intel 显卡，请从 Intel 下载页面或 Windows 更新安装最新驱动程序。</translation>
    </message>
    <message>
        <source>OpenVINO offers no {family} on this system.</source>
        <translation>OpenVINO 在此系统上不提供 {family}。</translation>
    </message>
    <message>
        <source>Being tried now.</source>
        <translation>正在尝试。</translation>
    </message>
    <message>
        <source>Works.</source>
        <translation>工作正常。</translation>
    </message>
    <message>
        <source>Ended the engine once. It is tried once more.</source>
        <translation>曾使引擎退出一次，会再尝试一次。</translation>
    </message>
    <message>
        <source>Ended the engine twice. The CPU is used in its place until the driver changes or you say so.</source>
        <translation>曾使引擎退出两次。在驱动程序更新或您要求重试之前，改用 CPU。</translation>
    </message>
    <message>
        <source>Set: {changes}</source>
        <translation>已设置：{changes}</translation>
    </message>
    <message>
        <source>A load failed with what is set, so it is not used until it is changed: {changes}</source>
        <translation>使用这些设置加载失败，因此在修改之前不会使用：{changes}</translation>
    </message>
    <message>
        <source>Prompts of at most {prompt} {prompt:token|tokens}, answers with room for {answer}: {total} in all.</source>
        <translation>提示词最多 {prompt} 个词元，为回答保留 {answer} 个：共 {total} 个。</translation>
    </message>
    <message>
        <source>With every message the whole chat is read again from its start, so long chats answer later.</source>
        <translation>每条消息都会从头重读整个对话，因此对话越长，回答开始得越晚。</translation>
    </message>
    <message>
        <source>Compiled models are kept: none yet. The first start with a model takes longer.</source>
        <translation>保留已编译的模型：目前没有。模型第一次启动需要更长时间。</translation>
    </message>
    <message>
        <source>Compiled models are kept: {size}.</source>
        <translation>保留已编译的模型：{size}。</translation>
    </message>
    <message>
        <source>Compiled models are not kept; {size} from before.</source>
        <translation>不保留已编译的模型；以前留下 {size}。</translation>
    </message>
</context>
<context>
    <name>DevicesFeature</name>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>The models could not be loaded with what was set on {devices}: {reason} They were loaded without it.</source>
        <translation>无法按 {devices} 上的设置加载模型：{reason}已改为不使用这些设置加载。</translation>
    </message>
    <message>
        <source>Settings of {devices} are not used</source>
        <translation>{devices} 的设置未被使用</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>“{placement}” ended the engine twice. It is not used until its driver changes or you say so.</source>
        <translation>“{placement}”曾使引擎退出两次。在驱动程序更新或您要求重试之前，不再使用它。</translation>
    </message>
    <message>
        <source>The CPU took over</source>
        <translation>已改用 CPU</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>DevicesPage</name>
    <message>
        <source>Look again</source>
        <translation>重新查找</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>Placements that crashed</source>
        <translation>曾崩溃的部署方式</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Try {title} again</source>
        <translation>重试 {title}</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>设备</translation>
    </message>
</context>
<context>
    <name>Dialogs</name>
    <message>
        <source>About Slipstream</source>
        <translation>关于 Slipstream</translation>
    </message>
    <message>
        <source>Python {version}</source>
        <translation>Python {version}</translation>
    </message>
    <message>
        <source>Data folder: {folder}</source>
        <translation>数据文件夹：{folder}</translation>
    </message>
    <message>
        <source>Licence: Apache-2.0</source>
        <translation>许可证：Apache-2.0</translation>
    </message>
    <message>
        <source>Chat with a language model on your own machine, made faster by a draft model.</source>
        <translation>在自己的电脑上与语言模型对话，并由草稿模型加速。</translation>
    </message>
    <message>
        <source>Open link</source>
        <translation>打开链接</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Open this address in the browser?</source>
        <translation>要在浏览器中打开此网址吗？</translation>
    </message>
    <message>
        <source>Unexpected fault</source>
        <translation>意外故障</translation>
    </message>
    <message>
        <source>Something unexpected happened. The window goes on; the log is {file}.</source>
        <translation>发生了意外情况。窗口会继续运行；日志位于 {file}。</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
</context>
<context>
    <name>DiscoverTab</name>
    <message>
        <source>Search, or paste owner/model or an address</source>
        <translation>搜索，或粘贴“所有者/模型”或网址</translation>
    </message>
    <message>
        <source>Search for models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Whose models</source>
        <translation>模型来自谁</translation>
    </message>
    <message>
        <source>By OpenVINO</source>
        <translation>来自 OpenVINO</translation>
    </message>
    <message>
        <source>By anyone</source>
        <translation>来自任何人</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Other pairs</source>
        <translation>其他模型对</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>正在搜索…</translation>
    </message>
    <message>
        <source>{count} {count:model|models} found</source>
        <translation>找到 {count} 个模型</translation>
    </message>
    <message>
        <source>{owner} has no such model. Search by anyone, or paste a name.</source>
        <translation>{owner} 没有这样的模型。请改为搜索任何人的模型，或粘贴名称。</translation>
    </message>
    <message>
        <source>No model of this name was found.</source>
        <translation>没有找到此名称的模型。</translation>
    </message>
    <message>
        <source>Discover models</source>
        <translation>发现模型</translation>
    </message>
    <message>
        <source>Pairs for this machine</source>
        <translation>适合这台电脑的模型对</translation>
    </message>
    <message>
        <source>A main model and the draft model that speeds it up, fetched together.</source>
        <translation>一个主模型和为它加速的草稿模型，一起下载。</translation>
    </message>
</context>
<context>
    <name>DownloadCard</name>
    <message>
        <source>Progress of {model}</source>
        <translation>{model} 的进度</translation>
    </message>
    <message>
        <source>Move {model} up</source>
        <translation>上移 {model}</translation>
    </message>
    <message>
        <source>Resume {model}</source>
        <translation>继续下载 {model}</translation>
    </message>
    <message>
        <source>Pause {model}</source>
        <translation>暂停 {model}</translation>
    </message>
    <message>
        <source>Cancel {model}</source>
        <translation>取消 {model}</translation>
    </message>
    <message>
        <source>Enter a token…</source>
        <translation>输入令牌…</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>打开其页面</translation>
    </message>
    <message>
        <source>Remove from this list</source>
        <translation>从列表中移除</translation>
    </message>
    <message>
        <source>Cancel and delete what arrived</source>
        <translation>取消并删除已下载的内容</translation>
    </message>
    <message>
        <source>Size not known yet</source>
        <translation>大小未知</translation>
    </message>
    <message>
        <source>{done} of {total}  ({percent} %)</source>
        <translation>{done} / {total}（{percent} %）</translation>
    </message>
    <message>
        <source>untouched for {days} {days:day|days}</source>
        <translation>已有 {days} 天未动</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>剩余 {time}</translation>
    </message>
</context>
<context>
    <name>DownloadsTab</name>
    <message>
        <source>Speed limit</source>
        <translation>限速</translation>
    </message>
    <message>
        <source> kB/s</source>
        <translation> kB/s</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Resume all</source>
        <translation>全部继续</translation>
    </message>
    <message>
        <source>Nothing is being downloaded.</source>
        <translation>没有正在下载的内容。</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
</context>
<context>
    <name>DraftLength</name>
    <message>
        <source>{tokens} {tokens:token|tokens} to begin with: nothing is measured yet.</source>
        <translation>先用 {tokens} 个词元：尚无测量结果。</translation>
    </message>
    <message>
        <source>{tokens} {tokens:token|tokens}: {accepted} accepted, draft step {cost} of a main step, expected {gain}×.</source>
        <translation>{tokens} 个词元：接受 {accepted}，草稿一步相当于主模型一步的 {cost}，预计 {gain}×。</translation>
    </message>
    <message>
        <source>{tokens} {tokens:token|tokens}, to learn what they cost: {accepted} accepted, draft step {cost} of a main step, expected {gain}×.</source>
        <translation>{tokens} 个词元，用于了解开销：接受 {accepted}，草稿一步相当于主模型一步的 {cost}，预计 {gain}×。</translation>
    </message>
    <message>
        <source>No draft: plain decoding is faster. At best, {tokens} {tokens:token|tokens}: {accepted} accepted, draft step {cost} of a main step, {gain}× of plain decoding.</source>
        <translation>不用草稿：普通解码更快。最好的情况是 {tokens} 个词元：接受 {accepted}，草稿一步相当于主模型一步的 {cost}，为普通解码的 {gain}×。</translation>
    </message>
    <message>
        <source>For this text it does not pay: without a draft about {plain} tok/s, with it at best {best} tok/s ({tokens} {tokens:token|tokens}, {accepted} accepted). It is tried again in another chat.</source>
        <translation>对这类文字它没有好处：不用草稿约 {plain} tok/s，使用草稿最多 {best} tok/s（{tokens} 个词元，接受 {accepted}）。在另一个对话中会再次尝试。</translation>
    </message>
    <message>
        <source>Plain decoding reached {plain} tok/s; with the draft {best} tok/s are expected ({tokens} {tokens:token|tokens}, {accepted} accepted).</source>
        <translation>普通解码达到 {plain} tok/s；使用草稿预计 {best} tok/s（{tokens} 个词元，接受 {accepted}）。</translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message>
        <source>What shall we talk about?</source>
        <translation>想聊些什么？</translation>
    </message>
    <message>
        <source>Get the models recommended for this machine</source>
        <translation>获取推荐给这台电脑的模型</translation>
    </message>
    <message>
        <source>Send: {prompt}</source>
        <translation>发送：{prompt}</translation>
    </message>
    <message>
        <source>Nothing real answers here: the text is invented to show the window.</source>
        <translation>这里没有真正的模型作答：文字是为展示窗口而编造的。</translation>
    </message>
    <message>
        <source>A small demonstration pair answers here. It tells little stories and makes small talk, in English; it is not an assistant and knows no facts.</source>
        <translation>这里由一对小型演示模型作答。它们会用英语讲小故事、闲聊几句；不是助手，也不掌握知识。</translation>
    </message>
    <message>
        <source>{main} answers here.</source>
        <translation>这里由 {main} 作答。</translation>
    </message>
    <message>
        <source>{main} answers here, with {draft} as its draft model.</source>
        <translation>这里由 {main} 作答，{draft} 为其草稿模型。</translation>
    </message>
    <message>
        <source>Tell me a story about a dog.</source>
        <translation>Tell me a story about a dog.</translation>
    </message>
    <message>
        <source>Tell me a story about a girl and the sea.</source>
        <translation>Tell me a story about a girl and the sea.</translation>
    </message>
    <message>
        <source>Who are you?</source>
        <translation>Who are you?</translation>
    </message>
    <message>
        <source>What is speculative decoding?</source>
        <translation>What is speculative decoding?</translation>
    </message>
    <message>
        <source>Explain speculative decoding.</source>
        <translation>解释一下推测解码。</translation>
    </message>
    <message>
        <source>Write a short poem about rain.</source>
        <translation>写一首关于雨的短诗。</translation>
    </message>
    <message>
        <source>Write a Python prime sieve.</source>
        <translation>用 Python 写一个素数筛。</translation>
    </message>
    <message>
        <source>Plan a quiet weekend by the sea.</source>
        <translation>规划一个海边的安静周末。</translation>
    </message>
</context>
<context>
    <name>ErrorText</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Use the CPU</source>
        <translation>使用 CPU</translation>
    </message>
    <message>
        <source>Go on without a draft</source>
        <translation>不用草稿继续</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新建对话</translation>
    </message>
    <message>
        <source>Model not found</source>
        <translation>找不到模型</translation>
    </message>
    <message>
        <source>The folder of the model is not there any more.</source>
        <translation>模型的文件夹已不存在。</translation>
    </message>
    <message>
        <source>Model incomplete</source>
        <translation>模型不完整</translation>
    </message>
    <message>
        <source>Some files of the model are missing or cut short.</source>
        <translation>模型的部分文件缺失或被截断。</translation>
    </message>
    <message>
        <source>Model damaged</source>
        <translation>模型已损坏</translation>
    </message>
    <message>
        <source>The files of the model are damaged and cannot be read.</source>
        <translation>模型的文件已损坏，无法读取。</translation>
    </message>
    <message>
        <source>Model not supported</source>
        <translation>不支持的模型</translation>
    </message>
    <message>
        <source>This kind of model cannot be used for chat here.</source>
        <translation>此类模型不能在这里用于对话。</translation>
    </message>
    <message>
        <source>Model in use</source>
        <translation>模型正在使用</translation>
    </message>
    <message>
        <source>The model is loaded; load another one first.</source>
        <translation>该模型已加载；请先加载另一个模型。</translation>
    </message>
    <message>
        <source>Model already there</source>
        <translation>模型已存在</translation>
    </message>
    <message>
        <source>A model of this name is already installed.</source>
        <translation>已安装同名模型。</translation>
    </message>
    <message>
        <source>Draft does not fit</source>
        <translation>草稿模型不匹配</translation>
    </message>
    <message>
        <source>The draft model splits text differently from the main model.</source>
        <translation>草稿模型切分文字的方式与主模型不同。</translation>
    </message>
    <message>
        <source>Chat template unusable</source>
        <translation>聊天模板不可用</translation>
    </message>
    <message>
        <source>The chat template of this model cannot be applied.</source>
        <translation>无法应用此模型的聊天模板。</translation>
    </message>
    <message>
        <source>Device not available</source>
        <translation>设备不可用</translation>
    </message>
    <message>
        <source>The chosen device is not available on this computer.</source>
        <translation>所选设备在这台电脑上不可用。</translation>
    </message>
    <message>
        <source>Not enough memory</source>
        <translation>内存不足</translation>
    </message>
    <message>
        <source>The models do not fit into the memory of the device.</source>
        <translation>设备的内存放不下这些模型。</translation>
    </message>
    <message>
        <source>Placement not supported</source>
        <translation>不支持的部署方式</translation>
    </message>
    <message>
        <source>This pair cannot run on these two devices.</source>
        <translation>这对模型无法在这两个设备上运行。</translation>
    </message>
    <message>
        <source>Could not prepare the model</source>
        <translation>无法准备模型</translation>
    </message>
    <message>
        <source>The device could not compile the model.</source>
        <translation>设备无法编译此模型。</translation>
    </message>
    <message>
        <source>Loading took too long</source>
        <translation>加载时间过长</translation>
    </message>
    <message>
        <source>The model was not ready in time, so loading was ended.</source>
        <translation>模型未能按时就绪，已终止加载。</translation>
    </message>
    <message>
        <source>Placement crashed before</source>
        <translation>此部署方式曾经崩溃</translation>
    </message>
    <message>
        <source>These devices ended the engine last time, so they are not tried again.</source>
        <translation>这些设备上次使引擎退出，因此不再尝试。</translation>
    </message>
    <message>
        <source>Setting out of range</source>
        <translation>设置超出范围</translation>
    </message>
    <message>
        <source>The value of “{parameter}” is out of range.</source>
        <translation>“{parameter}”的值超出范围。</translation>
    </message>
    <message>
        <source>Setting not used here</source>
        <translation>此处不使用该设置</translation>
    </message>
    <message>
        <source>The loaded models cannot use the setting “{parameter}”.</source>
        <translation>已加载的模型不能使用设置“{parameter}”。</translation>
    </message>
    <message>
        <source>Chat too long</source>
        <translation>对话过长</translation>
    </message>
    <message>
        <source>This chat no longer fits into the context of the model.</source>
        <translation>此对话已超出模型的上下文。</translation>
    </message>
    <message>
        <source>No model loaded</source>
        <translation>未加载模型</translation>
    </message>
    <message>
        <source>There is no model loaded that could answer.</source>
        <translation>没有已加载的模型可以作答。</translation>
    </message>
    <message>
        <source>The answer failed</source>
        <translation>回答失败</translation>
    </message>
    <message>
        <source>The runtime reported an error while it answered.</source>
        <translation>运行时在作答时报告了错误。</translation>
    </message>
    <message>
        <source>The engine stopped</source>
        <translation>引擎已停止</translation>
    </message>
    <message>
        <source>The engine ended unexpectedly; your text is kept.</source>
        <translation>引擎意外退出；您的文字已保留。</translation>
    </message>
    <message>
        <source>The engine did not respond</source>
        <translation>引擎没有响应</translation>
    </message>
    <message>
        <source>The engine no longer responded and was ended.</source>
        <translation>引擎不再响应，已被终止。</translation>
    </message>
    <message>
        <source>The engine was not understood</source>
        <translation>无法理解引擎</translation>
    </message>
    <message>
        <source>The engine sent something unreadable and was ended.</source>
        <translation>引擎发送了无法读取的内容，已被终止。</translation>
    </message>
    <message>
        <source>The engine did not start</source>
        <translation>引擎未启动</translation>
    </message>
    <message>
        <source>The engine process could not be started.</source>
        <translation>无法启动引擎进程。</translation>
    </message>
    <message>
        <source>Already running</source>
        <translation>已在运行</translation>
    </message>
    <message>
        <source>This is already being done.</source>
        <translation>此操作已在进行。</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>操作已取消。</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>出现问题</translation>
    </message>
    <message>
        <source>An unexpected fault happened; the log has the details.</source>
        <translation>发生了意外故障；详情见日志。</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>没有连接</translation>
    </message>
    <message>
        <source>The server cannot be reached; what was loaded is kept.</source>
        <translation>无法连接服务器；已下载的内容会保留。</translation>
    </message>
    <message>
        <source>Network asks to sign in</source>
        <translation>网络要求登录</translation>
    </message>
    <message>
        <source>This network shows a sign-in page; open a browser first.</source>
        <translation>此网络显示登录页面；请先打开浏览器。</translation>
    </message>
    <message>
        <source>Model not on the server</source>
        <translation>服务器上没有此模型</translation>
    </message>
    <message>
        <source>The server knows no model of this name.</source>
        <translation>服务器上没有此名称的模型。</translation>
    </message>
    <message>
        <source>Access needed</source>
        <translation>需要访问权限</translation>
    </message>
    <message>
        <source>The authors ask you to accept their terms on the model&apos;s page first.</source>
        <translation>作者要求您先在模型页面上接受其条款。</translation>
    </message>
    <message>
        <source>Disk full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>There is not enough free space on the disk.</source>
        <translation>磁盘剩余空间不足。</translation>
    </message>
    <message>
        <source>Download damaged</source>
        <translation>下载内容已损坏</translation>
    </message>
    <message>
        <source>A file arrived damaged and was not installed.</source>
        <translation>有文件在传输中损坏，未安装。</translation>
    </message>
    <message>
        <source>Unsafe file name</source>
        <translation>不安全的文件名</translation>
    </message>
    <message>
        <source>The model holds a file name that is not safe to write.</source>
        <translation>模型含有不能安全写入的文件名。</translation>
    </message>
    <message>
        <source>Server error</source>
        <translation>服务器错误</translation>
    </message>
    <message>
        <source>The server could not handle the request.</source>
        <translation>服务器无法处理该请求。</translation>
    </message>
    <message>
        <source>Server asks to wait</source>
        <translation>服务器要求等待</translation>
    </message>
    <message>
        <source>Too many requests; try again in {retry_after_s} {retry_after_s:second|seconds}.</source>
        <translation>请求过多；请在 {retry_after_s} 秒后重试。</translation>
    </message>
    <message>
        <source>Unsafe redirection</source>
        <translation>不安全的重定向</translation>
    </message>
    <message>
        <source>The server points to an address that is not safe to use.</source>
        <translation>服务器指向不安全的地址。</translation>
    </message>
    <message>
        <source>File damaged</source>
        <translation>文件已损坏</translation>
    </message>
    <message>
        <source>A file of yours could not be read; it was set aside.</source>
        <translation>您的一个文件无法读取，已移到一旁保留。</translation>
    </message>
    <message>
        <source>File of a newer version</source>
        <translation>更新版本的文件</translation>
    </message>
    <message>
        <source>A newer version wrote this file, so it is left as it is and not changed.</source>
        <translation>此文件由更新的版本写入，因此保持原样，不作修改。</translation>
    </message>
    <message>
        <source>Cannot save</source>
        <translation>无法保存</translation>
    </message>
    <message>
        <source>The data folder cannot be written to.</source>
        <translation>无法写入数据文件夹。</translation>
    </message>
</context>
<context>
    <name>FieldRow</name>
    <message>
        <source>Reset to the default: {label}</source>
        <translation>恢复默认值：{label}</translation>
    </message>
    <message>
        <source>Not set</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>Takes effect with the next start.</source>
        <translation>下次启动时生效。</translation>
    </message>
</context>
<context>
    <name>FigureRows</name>
    <message>
        <source>Draft model</source>
        <translation>草稿模型</translation>
    </message>
    <message>
        <source>Prompt lookup</source>
        <translation>提示词查找</translation>
    </message>
    <message>
        <source>Plain decoding</source>
        <translation>普通解码</translation>
    </message>
    <message>
        <source>the model ended it</source>
        <translation>模型自行结束</translation>
    </message>
    <message>
        <source>cut at the token limit</source>
        <translation>达到词元上限而截断</translation>
    </message>
    <message>
        <source>stopped by you</source>
        <translation>由您停止</translation>
    </message>
    <message>
        <source>interrupted by an error</source>
        <translation>因错误中断</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>Where the proposed tokens came from.</source>
        <translation>草拟词元的来源。</translation>
    </message>
    <message>
        <source>Main model</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>The model that decided every token, and its device.</source>
        <translation>决定每个词元的模型及其设备。</translation>
    </message>
    <message>
        <source>The model that proposed tokens, and its device.</source>
        <translation>草拟词元的模型及其设备。</translation>
    </message>
    <message>
        <source>Set on the devices</source>
        <translation>设备上的设置</translation>
    </message>
    <message>
        <source>Properties that were not the default, as the page of devices shows them.</source>
        <translation>与默认值不同的属性，与设备页面所示一致。</translation>
    </message>
    <message>
        <source>Ended because</source>
        <translation>结束原因</translation>
    </message>
    <message>
        <source>Why no further token came.</source>
        <translation>不再产生词元的原因。</translation>
    </message>
    <message>
        <source>Decode rate</source>
        <translation>解码速度</translation>
    </message>
    <message>
        <source>Tokens per second after the first run: 1 / TPOT.</source>
        <translation>首轮之后每秒的词元数：1 / TPOT。</translation>
    </message>
    <message>
        <source>TPOT</source>
        <translation>每词元时间 (TPOT)</translation>
    </message>
    <message>
        <source>Time per output token: time from the first run to the last, divided by the tokens after the first run.</source>
        <translation>每词元时间：从首轮到末轮的时间，除以首轮之后的词元数。</translation>
    </message>
    <message>
        <source>TTFT</source>
        <translation>首词元延迟</translation>
    </message>
    <message>
        <source>Time to first token, from asking: template, tokenization, prefill and first step.</source>
        <translation>首个词元的时间 (TTFT)，从提问算起：模板、分词、预填充和第一步。</translation>
    </message>
    <message>
        <source>Whole time</source>
        <translation>总时间</translation>
    </message>
    <message>
        <source>From asking to the end of the answer.</source>
        <translation>从提问到回答结束。</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元数</translation>
    </message>
    <message>
        <source>Tokens of this answer, thinking included.</source>
        <translation>本次回答的词元数，含思考。</translation>
    </message>
    <message>
        <source>Prompt tokens</source>
        <translation>提示词词元数</translation>
    </message>
    <message>
        <source>Tokens of everything the model was given.</source>
        <translation>提供给模型的全部内容的词元数。</translation>
    </message>
    <message>
        <source>Acceptance rate</source>
        <translation>接受率</translation>
    </message>
    <message>
        <source>Accepted divided by drafted tokens.</source>
        <translation>接受的词元数除以草拟的词元数。</translation>
    </message>
    <message>
        <source>Accepted / drafted</source>
        <translation>接受 / 草拟</translation>
    </message>
    <message>
        <source>Proposed tokens that the main model accepted, of all that were proposed.</source>
        <translation>主模型接受的草拟词元数，以及草拟词元总数。</translation>
    </message>
    <message>
        <source>Mean acceptance length</source>
        <translation>平均接受长度</translation>
    </message>
    <message>
        <source>Tokens per main iteration after the first, the main model&apos;s own included; 1.00 means no gain.</source>
        <translation>首次迭代之后，每次主模型迭代的词元数，含主模型自己的词元；1.00 表示没有增益。</translation>
    </message>
    <message>
        <source>Main iterations</source>
        <translation>主模型迭代次数</translation>
    </message>
    <message>
        <source>How often the main model ran; the first is the prefill.</source>
        <translation>主模型运行的次数；第一次是预填充。</translation>
    </message>
    <message>
        <source>num_assistant_tokens</source>
        <translation>num_assistant_tokens</translation>
    </message>
    <message>
        <source>Tokens proposed before each check, as asked for.</source>
        <translation>每次验证前草拟的词元数，按要求的值。</translation>
    </message>
    <message>
        <source>Chosen automatically</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>What was known before this answer: accepted share and cost of a proposed token, and the speed-up they promise against plain decoding.</source>
        <translation>此回答之前已知的情况：草拟词元的接受比例和开销，以及由此预计的相对普通解码的加速。</translation>
    </message>
    <message>
        <source>The runtime&apos;s own TTFT and TPOT</source>
        <translation>运行时自己的首词元延迟和每词元时间</translation>
    </message>
    <message>
        <source>As OpenVINO GenAI measured them; never mixed with the figures above.</source>
        <translation>由 OpenVINO GenAI 测量；从不与上面的数值混合。</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Of what made the answer.</source>
        <translation>生成此回答的各组件。</translation>
    </message>
</context>
<context>
    <name>FiguresDialog</name>
    <message>
        <source>Figures of this answer</source>
        <translation>此回答的数值</translation>
    </message>
    <message>
        <source>Copy as JSON</source>
        <translation>复制为 JSON</translation>
    </message>
    <message>
        <source>Figures</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>已复制</translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message>
        <source>Find in this chat</source>
        <translation>在此对话中查找</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Number of hits</source>
        <translation>匹配数</translation>
    </message>
    <message>
        <source>Match case (Alt+C)</source>
        <translation>区分大小写 (Alt+C)</translation>
    </message>
    <message>
        <source>Previous hit (Shift+Enter)</source>
        <translation>上一个匹配 (Shift+Enter)</translation>
    </message>
    <message>
        <source>Next hit (Enter)</source>
        <translation>下一个匹配 (Enter)</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>{number} / {count}</translation>
    </message>
    <message>
        <source>No hits</source>
        <translation>无匹配</translation>
    </message>
</context>
<context>
    <name>FirstCompileNotice</name>
    <message>
        <source>Compiling for {device}</source>
        <translation>正在为 {device} 编译</translation>
    </message>
    <message>
        <source>{time} so far. The first start on {device} compiles the models, which can take minutes; later starts are quick.</source>
        <translation>已用时 {time}。第一次在 {device} 上启动需要编译模型，可能要几分钟；以后启动很快。</translation>
    </message>
    <message>
        <source>{time} so far. Compiled models of {device} are not kept, so every start takes this long.</source>
        <translation>已用时 {time}。{device} 的已编译模型不会保留，因此每次启动都需要这么久。</translation>
    </message>
</context>
<context>
    <name>FolderRisk</name>
    <message>
        <source>Your chats lie on another computer</source>
        <translation>您的对话存放在另一台计算机上</translation>
    </message>
    <message>
        <source>The models lie on another computer</source>
        <translation>模型存放在另一台计算机上</translation>
    </message>
    <message>
        <source>Your chats lie in a folder of {service}</source>
        <translation>您的对话存放在 {service} 的文件夹中</translation>
    </message>
    <message>
        <source>The models lie in a folder of {service}</source>
        <translation>模型存放在 {service} 的文件夹中</translation>
    </message>
    <message>
        <source>Loading them takes as long as the network does, and fails without it.</source>
        <translation>加载速度取决于网络，断网时则无法加载。</translation>
    </message>
    <message>
        <source>Every model is uploaded, and may be taken off this computer.</source>
        <translation>每个模型都会被上传，也可能被移出这台计算机。</translation>
    </message>
    <message>
        <source>A folder on a disk of this computer is better.</source>
        <translation>建议使用本机磁盘上的文件夹。</translation>
    </message>
    <message>
        <source>When the connection breaks, the file of your chats can be damaged.</source>
        <translation>连接中断时，对话文件可能损坏。</translation>
    </message>
    <message>
        <source>It copies the file of your chats while that is being written: it can be damaged.</source>
        <translation>它会在写入过程中复制对话文件，文件可能因此损坏。</translation>
    </message>
    <message>
        <source>Close Slipstream, move the folder to a disk of this computer, and start with --data-dir and its new place. Backups are kept beside the chats.</source>
        <translation>请关闭 Slipstream，将该文件夹移到本机磁盘，再用 --data-dir 指定新位置启动。备份保存在对话文件旁边。</translation>
    </message>
</context>
<context>
    <name>FolderWarnings</name>
    <message>
        <source>Show folders</source>
        <translation>显示文件夹</translation>
    </message>
</context>
<context>
    <name>GenerationPopover</name>
    <message>
        <source>Generation settings</source>
        <translation>生成设置</translation>
    </message>
    <message>
        <source>Model’s own</source>
        <translation>模型自带</translation>
    </message>
    <message>
        <source>Model’s own ({value})</source>
        <translation>模型自带（{value}）</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Thinking before the answer</source>
        <translation>回答前的思考</translation>
    </message>
    <message>
        <source>As the model likes</source>
        <translation>由模型决定</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开启</translation>
    </message>
    <message>
        <source>Thinking</source>
        <translation>思考</translation>
    </message>
    <message>
        <source>Draft length</source>
        <translation>草稿长度</translation>
    </message>
    <message>
        <source>For this chat, and for chats begun after it.</source>
        <translation>用于此对话，以及之后新建的对话。</translation>
    </message>
</context>
<context>
    <name>GenerationSettingsFeature</name>
    <message>
        <source>Not used here. Without a draft nothing is proposed.</source>
        <translation>此处不使用。没有草稿就没有草拟词元。</translation>
    </message>
    <message>
        <source>The draft is set aside</source>
        <translation>草稿已暂时停用</translation>
    </message>
    <message>
        <source>Use the draft again</source>
        <translation>重新使用草稿</translation>
    </message>
    <message>
        <source>The draft is used again</source>
        <translation>已重新使用草稿</translation>
    </message>
    <message>
        <source>Save as preset</source>
        <translation>保存为预设</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Import presets</source>
        <translation>导入预设</translation>
    </message>
    <message>
        <source>“{name}” holds no presets that can be read.</source>
        <translation>“{name}”中没有可读取的预设。</translation>
    </message>
    <message>
        <source>Nothing was imported</source>
        <translation>未导入任何内容</translation>
    </message>
    <message>
        <source>Presets from “{name}”: {count}.</source>
        <translation>来自“{name}”的预设：{count} 个。</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>已导入</translation>
    </message>
    <message>
        <source>Export presets</source>
        <translation>导出预设</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>The answer was interrupted; the text so far was kept.</source>
        <translation>回答被中断；已有的文字已保留。</translation>
    </message>
    <message>
        <source>No answer could be made.</source>
        <translation>未能生成回答。</translation>
    </message>
    <message>
        <source>{count} {count:chat|chats} deleted</source>
        <translation>已删除 {count} 个对话</translation>
    </message>
    <message>
        <source>Chat deleted</source>
        <translation>已删除对话</translation>
    </message>
</context>
<context>
    <name>HistoryMenus</name>
    <message>
        <source>New temporary chat</source>
        <translation>新建临时对话</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>新建文件夹</translation>
    </message>
    <message>
        <source>Import chats…</source>
        <translation>导入对话…</translation>
    </message>
    <message>
        <source>Import a folder…</source>
        <translation>导入文件夹…</translation>
    </message>
    <message>
        <source>Export all chats</source>
        <translation>导出全部对话</translation>
    </message>
    <message>
        <source>New chat in this folder</source>
        <translation>在此文件夹中新建对话</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Export its chats</source>
        <translation>导出其中的对话</translation>
    </message>
    <message>
        <source>Delete folder, keep its chats</source>
        <translation>删除文件夹，保留其中的对话</translation>
    </message>
    <message>
        <source>Stop the answer</source>
        <translation>停止回答</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>取消置顶</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>置顶</translation>
    </message>
    <message>
        <source>Move to folder</source>
        <translation>移到文件夹</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Delete {count} {count:chat|chats}</source>
        <translation>删除 {count} 个对话</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>创建副本</translation>
    </message>
    <message>
        <source>Out of its folder</source>
        <translation>移出文件夹</translation>
    </message>
    <message>
        <source>New folder {number}</source>
        <translation>新建文件夹 {number}</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>Search all chats</source>
        <translation>搜索全部对话</translation>
    </message>
    <message>
        <source>Search all chats (Ctrl+Shift+F)</source>
        <translation>搜索全部对话 (Ctrl+Shift+F)</translation>
    </message>
    <message>
        <source>More for chats</source>
        <translation>更多对话操作</translation>
    </message>
</context>
<context>
    <name>HubText</name>
    <message>
        <source>{repository} is given out after its terms were accepted. Accept them on its page, then enter your access token here.</source>
        <translation>{repository} 需要先接受条款才能获取。请在其页面上接受条款，然后在此输入访问令牌。</translation>
    </message>
    <message>
        <source>Your account has not been given access to {repository} yet. Accept the terms on its page and try again.</source>
        <translation>您的账号尚未获得 {repository} 的访问权限。请在其页面上接受条款后重试。</translation>
    </message>
    <message>
        <source>The server does not accept the access token. Enter a valid one.</source>
        <translation>服务器不接受该访问令牌。请输入有效的令牌。</translation>
    </message>
    <message>
        <source>{repository} does not exist there, or is private. Check the name.</source>
        <translation>{repository} 不存在或是私有的。请检查名称。</translation>
    </message>
    <message>
        <source>{repository} has no such revision.</source>
        <translation>{repository} 没有这样的修订版本。</translation>
    </message>
    <message>
        <source>{repository} was closed by its hub.</source>
        <translation>{repository} 已被其平台关闭。</translation>
    </message>
    <message>
        <source>{repository} does not hold this file any more.</source>
        <translation>{repository} 已不再包含此文件。</translation>
    </message>
    <message>
        <source>This is no name of a model; names look like owner/model.</source>
        <translation>这不是模型名称；名称形如“所有者/模型”。</translation>
    </message>
    <message>
        <source>This model did not come from a hub, so nothing can be fetched again.</source>
        <translation>此模型并非来自模型平台，因此无法重新获取。</translation>
    </message>
    <message>
        <source>{host} does not answer. Try again later, or choose another source.</source>
        <translation>{host} 没有响应。请稍后重试，或选择其他来源。</translation>
    </message>
    <message>
        <source>{host} cannot be found. Check the connection, or choose another source.</source>
        <translation>找不到 {host}。请检查连接，或选择其他来源。</translation>
    </message>
    <message>
        <source>{host} refuses the connection. Check the address, or choose another source.</source>
        <translation>{host} 拒绝连接。请检查地址，或选择其他来源。</translation>
    </message>
    <message>
        <source>The certificate of {host} is not trusted here. Check clock and proxy.</source>
        <translation>此处不信任 {host} 的证书。请检查时钟和代理。</translation>
    </message>
    <message>
        <source>The proxy of this machine does not let the request through.</source>
        <translation>这台电脑的代理不放行该请求。</translation>
    </message>
    <message>
        <source>This address cannot be used.</source>
        <translation>无法使用此地址。</translation>
    </message>
    <message>
        <source>The connection to {host} broke. What arrived is kept; try again.</source>
        <translation>与 {host} 的连接中断。已下载的内容会保留；请重试。</translation>
    </message>
    <message>
        <source>The hub has another {file} now. Download the model again.</source>
        <translation>平台上的 {file} 已经不同。请重新下载该模型。</translation>
    </message>
    <message>
        <source>It answers, but lists no models: this is no mirror.</source>
        <translation>它有响应，但没有列出模型：这不是镜像。</translation>
    </message>
    <message>
        <source>{repository} holds no OpenVINO model files.</source>
        <translation>{repository} 不含 OpenVINO 模型文件。</translation>
    </message>
    <message>
        <source>A mirror needs an address that begins with https.</source>
        <translation>镜像地址必须以 https 开头。</translation>
    </message>
    <message>
        <source>This is not the address of a mirror.</source>
        <translation>这不是镜像的地址。</translation>
    </message>
    <message>
        <source>A web page came back instead of data from {host}: this network wants you to sign in. Open a browser first, then try again.</source>
        <translation>{host} 返回的是网页而不是数据：此网络要求您登录。请先打开浏览器，然后重试。</translation>
    </message>
    <message>
        <source>The server has a problem of its own (status {status}). Try again later.</source>
        <translation>服务器自身出现问题（状态 {status}）。请稍后重试。</translation>
    </message>
    <message>
        <source>Not enough room on the disk: {needed_bytes} needed, {free_bytes} free.</source>
        <translation>磁盘空间不足：需要 {needed_bytes}，剩余 {free_bytes}。</translation>
    </message>
    <message>
        <source>{file} arrived damaged again and again and was not installed.</source>
        <translation>{file} 多次传输都已损坏，未安装。</translation>
    </message>
    <message>
        <source>The repository holds the unsafe file name “{file}”; it is refused.</source>
        <translation>该仓库含有不安全的文件名“{file}”，已拒绝。</translation>
    </message>
    <message>
        <source>Asking for the list of files</source>
        <translation>正在获取文件列表</translation>
    </message>
    <message>
        <source>Checking what is there already</source>
        <translation>正在检查已有内容</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>正在等待</translation>
    </message>
    <message>
        <source>Installing</source>
        <translation>正在安装</translation>
    </message>
    <message>
        <source>Waiting: the server sends nothing</source>
        <translation>正在等待：服务器没有发送数据</translation>
    </message>
    <message>
        <source>Waiting: the connection broke, next try in {seconds} s</source>
        <translation>正在等待：连接中断，{seconds} s 后重试</translation>
    </message>
    <message>
        <source>Waiting: the server asked for {seconds} s</source>
        <translation>正在等待：服务器要求等待 {seconds} s</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>已移除</translation>
    </message>
</context>
<context>
    <name>InstalledCardView</name>
    <message>
        <source>Use…</source>
        <translation>使用…</translation>
    </message>
    <message>
        <source>Use {model}</source>
        <translation>使用 {model}</translation>
    </message>
    <message>
        <source>More for {model}</source>
        <translation>{model} 的更多操作</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Try {model} again</source>
        <translation>再次尝试 {model}</translation>
    </message>
    <message>
        <source>Defaults: {values}</source>
        <translation>默认值：{values}</translation>
    </message>
    <message>
        <source>Not loaded again: its chat template ended the engine.</source>
        <translation>不再加载：它的对话模板使引擎崩溃。</translation>
    </message>
    <message>
        <source>Not loaded again: its chat template took longer than {limit} s.</source>
        <translation>不再加载：它的对话模板耗时超过 {limit} 秒。</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Proposes tokens for a main model; not offered as a main model</source>
        <translation>为主模型草拟词元；不作为主模型提供</translation>
    </message>
    <message>
        <source>Comes with the program</source>
        <translation>随程序提供</translation>
    </message>
    <message>
        <source>Used in place</source>
        <translation>原位使用</translation>
    </message>
    <message>
        <source>at most {count} {count:token|tokens} of context</source>
        <translation>上下文最多 {count} 个词元</translation>
    </message>
    <message>
        <source>temperature {value}</source>
        <translation>温度 {value}</translation>
    </message>
    <message>
        <source>top p {value}</source>
        <translation>Top p {value}</translation>
    </message>
    <message>
        <source>top k {value}</source>
        <translation>Top k {value}</translation>
    </message>
    <message>
        <source>repetition penalty {value}</source>
        <translation>重复惩罚 {value}</translation>
    </message>
    <message>
        <source>{tokens} {tokens:token|tokens} of context</source>
        <translation>上下文 {tokens} 个词元</translation>
    </message>
    <message>
        <source>Suits this model</source>
        <translation>适合此模型</translation>
    </message>
    <message>
        <source>Verifying: {percent} %</source>
        <translation>正在校验：{percent} %</translation>
    </message>
    <message>
        <source>Fetching damaged files again</source>
        <translation>正在重新获取损坏的文件</translation>
    </message>
    <message>
        <source>Deleting</source>
        <translation>正在删除</translation>
    </message>
    <message>
        <source>Verify files</source>
        <translation>校验文件</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Chat template</source>
        <translation>聊天模板</translation>
    </message>
    <message>
        <source>Defaults…</source>
        <translation>默认设置…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
</context>
<context>
    <name>InstalledLink</name>
    <message>
        <source>{model} is whole again.</source>
        <translation>{model} 已恢复完整。</translation>
    </message>
    <message>
        <source>{model} was imported.</source>
        <translation>已导入 {model}。</translation>
    </message>
    <message>
        <source>From {file}. It is shown as text and not run here.</source>
        <translation>来自 {file}。此处显示为文本，不会运行。</translation>
    </message>
    <message>
        <source>Chat template of {model}</source>
        <translation>{model} 的聊天模板</translation>
    </message>
    <message>
        <source>{model} is loaded. Choose another pair first, then delete it.</source>
        <translation>{model} 已加载。请先选择另一对模型，再删除它。</translation>
    </message>
    <message>
        <source>{model} is forgotten; its files stay where they are.</source>
        <translation>已不再列出 {model}；其文件保留在原处。</translation>
    </message>
    <message>
        <source>{model} is deleted from this disk, which frees {size}.</source>
        <translation>{model} 会从此磁盘删除，释放 {size}。</translation>
    </message>
    <message>
        <source>Delete {model}?</source>
        <translation>删除 {model}？</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>{model} is being loaded again.</source>
        <translation>正在重新加载 {model}。</translation>
    </message>
    <message>
        <source>{model} can be chosen again.</source>
        <translation>现在可以再次选择 {model}。</translation>
    </message>
    <message>
        <source>{model} was deleted; {size} are free again.</source>
        <translation>已删除 {model}；释放了 {size}。</translation>
    </message>
    <message>
        <source>{model}: every file is as it should be ({size} read).</source>
        <translation>{model}：所有文件均正常（读取了 {size}）。</translation>
    </message>
    <message>
        <source>{model} is damaged: {files}. Import it again.</source>
        <translation>{model} 已损坏：{files}。请重新导入。</translation>
    </message>
    <message>
        <source>{model} is damaged</source>
        <translation>{model} 已损坏</translation>
    </message>
    <message>
        <source>These files are not what they should be: {files}</source>
        <translation>这些文件不符合应有内容：{files}</translation>
    </message>
    <message>
        <source>Fetch them again</source>
        <translation>重新获取</translation>
    </message>
    <message>
        <source>Pause the downloads first, then move the models.</source>
        <translation>请先暂停下载，再移动模型。</translation>
    </message>
    <message>
        <source>Move all models?</source>
        <translation>移动全部模型？</translation>
    </message>
    <message>
        <source>{size} go from {old} to {new}.</source>
        <translation>{size} 将从 {old} 移到 {new}。</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>The models are in {folder} now.</source>
        <translation>模型现在位于 {folder}。</translation>
    </message>
</context>
<context>
    <name>InstalledTab</name>
    <message>
        <source>Import a folder…</source>
        <translation>导入文件夹…</translation>
    </message>
    <message>
        <source>How to import</source>
        <translation>导入方式</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Use in place</source>
        <translation>原位使用</translation>
    </message>
    <message>
        <source>Move models…</source>
        <translation>移动模型…</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Main models</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>Draft models</source>
        <translation>草稿模型</translation>
    </message>
    <message>
        <source>Other models</source>
        <translation>其他模型</translation>
    </message>
    <message>
        <source>Looking for models…</source>
        <translation>正在查找模型…</translation>
    </message>
    <message>
        <source>Models take up {used}; {free} free on this disk</source>
        <translation>模型占用 {used}；此磁盘剩余 {free}</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} / {total}</translation>
    </message>
    <message>
        <source>Looking at the folder</source>
        <translation>正在查看文件夹</translation>
    </message>
    <message>
        <source>Installed models</source>
        <translation>已安装的模型</translation>
    </message>
    <message>
        <source>Folder of an OpenVINO model</source>
        <translation>OpenVINO 模型的文件夹</translation>
    </message>
    <message>
        <source>New folder for all models</source>
        <translation>存放全部模型的新文件夹</translation>
    </message>
</context>
<context>
    <name>JumpButton</name>
    <message>
        <source>Jump to latest</source>
        <translation>跳到最新</translation>
    </message>
    <message>
        <source>Scroll to the newest text and follow it (End)</source>
        <translation>滚动到最新文字并跟随 (End)</translation>
    </message>
</context>
<context>
    <name>LabFeature</name>
    <message>
        <source>Compare placements</source>
        <translation>比较部署方式</translation>
    </message>
    <message>
        <source>The models of the chat come back afterwards; a message sent now waits.</source>
        <translation>对话的模型稍后恢复；现在发送的消息会等待。</translation>
    </message>
    <message>
        <source>Your message is answered afterwards. Stop to have it answered now.</source>
        <translation>您的消息将在之后回答。停止即可现在回答。</translation>
    </message>
    <message>
        <source>Stop comparing</source>
        <translation>停止比较</translation>
    </message>
    <message>
        <source>Placements are being compared</source>
        <translation>正在比较部署方式</translation>
    </message>
</context>
<context>
    <name>LabHistoryLink</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>{placements} {placements:placement|placements}  ·  {sets}  ·  {processor}  ·  {size}</source>
        <translation>{placements} 种部署方式  ·  {sets}  ·  {processor}  ·  {size}</translation>
    </message>
    <message>
        <source>Delete this run?</source>
        <translation>删除此次测量？</translation>
    </message>
    <message>
        <source>Its measurements are gone for good.</source>
        <translation>其测量结果将永久消失。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>The report of {models} was imported and kept.</source>
        <translation>已导入并保存 {models} 的报告。</translation>
    </message>
    <message>
        <source>Saved as {file}.</source>
        <translation>已保存为 {file}。</translation>
    </message>
    <message>
        <source>{before} and {after}</source>
        <translation>{before} 和 {after}</translation>
    </message>
    <message>
        <source>Placement</source>
        <translation>部署方式</translation>
    </message>
    <message>
        <source>tok/s before</source>
        <translation>此前 tok/s</translation>
    </message>
    <message>
        <source>tok/s after</source>
        <translation>此后 tok/s</translation>
    </message>
    <message>
        <source>After / before</source>
        <translation>此后 / 此前</translation>
    </message>
    <message>
        <source>Speed-up before</source>
        <translation>此前加速比</translation>
    </message>
    <message>
        <source>Speed-up after</source>
        <translation>此后加速比</translation>
    </message>
</context>
<context>
    <name>LabPage</name>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>New comparison</source>
        <translation>新的比较</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Race</source>
        <translation>竞速</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>Compare placements</source>
        <translation>比较部署方式</translation>
    </message>
    <message>
        <source>Report for anybody (HTML)…</source>
        <translation>给任何人看的报告 (HTML)…</translation>
    </message>
    <message>
        <source>Whole run (JSON)…</source>
        <translation>完整测量 (JSON)…</translation>
    </message>
    <message>
        <source>Figures (CSV)…</source>
        <translation>数值 (CSV)…</translation>
    </message>
    <message>
        <source>Picture (PNG)…</source>
        <translation>图片 (PNG)…</translation>
    </message>
</context>
<context>
    <name>LabPageLink</name>
    <message>
        <source>It needs a draft model or prompt lookup among the placements.</source>
        <translation>部署方式中需要有草稿模型或提示词查找。</translation>
    </message>
    <message>
        <source>Invented text without any model: the figures mean nothing.</source>
        <translation>没有模型的编造文字：数值没有意义。</translation>
    </message>
    <message>
        <source>This pair has no draft model; prompt lookup can still be compared.</source>
        <translation>这对模型没有草稿模型；仍可比较提示词查找。</translation>
    </message>
    <message>
        <source>Main model and draft model of the chat. Choose another pair in the bar above the chat.</source>
        <translation>对话所用的主模型和草稿模型。可在对话上方的栏中选择另一对。</translation>
    </message>
    <message>
        <source>Choose at least one prompt set and one placement.</source>
        <translation>请至少选择一组提示词和一种部署方式。</translation>
    </message>
    <message>
        <source>At least six prompts, or rounds over fewer, are needed to tell a difference from noise.</source>
        <translation>要把差异与噪声区分开，至少需要六个提示词；提示词较少时需要多轮。</translation>
    </message>
    <message>
        <source>{cells} {cells:placement|placements}, {answers} {answers:answer|answers}. While it runs the chat&apos;s models are put away; they come back afterwards. Figures are best when nothing else is running.</source>
        <translation>{cells} 种部署方式，{answers} 次回答。运行期间会卸下对话的模型，之后恢复。没有其他程序运行时数值最准。</translation>
    </message>
    <message>
        <source>{pairs} {pairs:prompt|prompts} find large differences only; twelve find a third more speed.</source>
        <translation>{pairs} 个提示词只能发现很大的差别；十二个能发现约三分之一的提速。</translation>
    </message>
    <message>
        <source>Comparing placements</source>
        <translation>正在比较部署方式</translation>
    </message>
    <message>
        <source>Looking for the best placement</source>
        <translation>正在寻找最佳部署方式</translation>
    </message>
    <message>
        <source>Verifying equality</source>
        <translation>正在验证一致性</translation>
    </message>
    <message>
        <source>The chat&apos;s models are put away while this runs and come back afterwards. A message sent meanwhile waits; stopping keeps what was measured.</source>
        <translation>运行期间会卸下对话的模型，之后恢复。其间发送的消息会等待；停止时保留已测量的结果。</translation>
    </message>
    <message>
        <source>Waiting for the chat&apos;s answer to end…</source>
        <translation>正在等待对话的回答结束…</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message>
        <source>Loading: {cell}</source>
        <translation>正在加载：{cell}</translation>
    </message>
    <message>
        <source>{cell}: {set}, prompt {prompt}, round {round}</source>
        <translation>{cell}：{set}，提示词 {prompt}，第 {round} 轮</translation>
    </message>
    <message>
        <source>{done} of {total} {total:answer|answers}, about {time} left</source>
        <translation>第 {done} 次回答，共 {total} 次，大约还需 {time}</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>使用它</translation>
    </message>
    <message>
        <source>Checked: {cell}</source>
        <translation>已检查：{cell}</translation>
    </message>
</context>
<context>
    <name>LabReport</name>
    <message>
        <source>Slipstream Placement Lab</source>
        <translation>Slipstream 部署方式实验室</translation>
    </message>
    <message>
        <source>All prompts</source>
        <translation>全部提示词</translation>
    </message>
    <message>
        <source>Placement</source>
        <translation>部署方式</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Speed-up</source>
        <translation>加速比</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95 % 区间</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首词元延迟</translation>
    </message>
    <message>
        <source>Accepted by position</source>
        <translation>各位置的接受情况</translation>
    </message>
    <message>
        <source>Tokens per step</source>
        <translation>每步词元数</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>J/token</source>
        <translation>J/词元</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>电脑</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>emulated</source>
        <translation>模拟</translation>
    </message>
</context>
<context>
    <name>LabResultsLink</name>
    <message>
        <source>This run measured {main}. Choose that pair in the chat first.</source>
        <translation>此次测量的是 {main}。请先在对话中选择那对模型。</translation>
    </message>
    <message>
        <source>{cell} is used from now on for this pair.</source>
        <translation>从现在起，这对模型使用 {cell}。</translation>
    </message>
    <message>
        <source>Its figures say nothing about a real device.</source>
        <translation>其数据不能说明真实设备的情况。</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>使用它</translation>
    </message>
    <message>
        <source>{models}  ·  {prompts} {prompts:prompt|prompts} × {rounds}, up to {tokens} {tokens:token|tokens} each, always the likeliest token  ·  {processor}</source>
        <translation>{models}  ·  {prompts} 个提示词 × {rounds}，每个最多 {tokens} 个词元，始终取最可能的词元  ·  {processor}</translation>
    </message>
</context>
<context>
    <name>LabText</name>
    <message>
        <source>All prompts</source>
        <translation>全部提示词</translation>
    </message>
    <message>
        <source>Stories</source>
        <translation>故事</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Summaries</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>Questions</source>
        <translation>问答</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Own prompts</source>
        <translation>自己的提示词</translation>
    </message>
    <message>
        <source>This chat</source>
        <translation>此对话</translation>
    </message>
    <message>
        <source>Main {main}, no draft</source>
        <translation>主模型 {main}，无草稿</translation>
    </message>
    <message>
        <source>Main {main}, prompt lookup, {length} {length:token|tokens}</source>
        <translation>主模型 {main}，提示词查找，{length} 个词元</translation>
    </message>
    <message>
        <source>Main {main}, draft {draft} ({model}), {length} {length:token|tokens}</source>
        <translation>主模型 {main}，草稿 {draft}（{model}），{length} 个词元</translation>
    </message>
    <message>
        <source>Main {main}, draft {draft}, {length} {length:token|tokens}</source>
        <translation>主模型 {main}，草稿 {draft}，{length} 个词元</translation>
    </message>
    <message>
        <source>{device} (emulated)</source>
        <translation>{device}（模拟）</translation>
    </message>
    <message>
        <source>Main {main}</source>
        <translation>主模型 {main}</translation>
    </message>
    <message>
        <source>Main {main}, draft {draft}</source>
        <translation>主模型 {main}，草稿 {draft}</translation>
    </message>
</context>
<context>
    <name>LabVerdict</name>
    <message>
        <source>Over all prompts</source>
        <translation>全部提示词</translation>
    </message>
    <message>
        <source>For stories</source>
        <translation>故事</translation>
    </message>
    <message>
        <source>For code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>For summaries</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>For questions</source>
        <translation>问答</translation>
    </message>
    <message>
        <source>For Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>For your own prompts</source>
        <translation>自己的提示词</translation>
    </message>
    <message>
        <source>For this chat</source>
        <translation>此对话</translation>
    </message>
    <message>
        <source>For {name}</source>
        <translation>{name}</translation>
    </message>
    <message>
        <source>{scope}: “{cell}” is fastest, {gain} of “{baseline}”.</source>
        <translation>{scope}：“{cell}”最快，为“{baseline}”的 {gain}。</translation>
    </message>
    <message>
        <source>{scope}: no draft is best here. “{cell}” is fastest, {gain} of “{baseline}”.</source>
        <translation>{scope}：此处不用草稿最好。“{cell}”最快，为“{baseline}”的 {gain}。</translation>
    </message>
    <message>
        <source>{scope}: no draft is best here. Nothing beats “{baseline}” by more than noise.</source>
        <translation>{scope}：此处不用草稿最好。没有任何方式明显快于“{baseline}”。</translation>
    </message>
    <message>
        <source>{scope}: this run is too short to tell. “{cell}” was measured at {gain} of “{baseline}”, which may be noise.</source>
        <translation>{scope}：这次测量太短，无法判断。测得“{cell}”是“{baseline}”的 {gain}，但这可能只是噪声。</translation>
    </message>
    <message>
        <source>{scope}: there is nothing to compare “{baseline}” with.</source>
        <translation>{scope}：没有可与“{baseline}”比较的对象。</translation>
    </message>
    <message>
        <source>{scope}: too few prompts to tell a difference from noise. Six are the fewest; here it was {pairs}.</source>
        <translation>{scope}：提示词太少，无法把差异与噪声区分开。至少需要六个；这里是 {pairs} 个。</translation>
    </message>
    <message>
        <source>{ratio}× the speed ({low}–{high})</source>
        <translation>{ratio} 倍速度（{low}–{high}）</translation>
    </message>
    <message>
        <source>{ratio}× the speed (measured once)</source>
        <translation>{ratio} 倍速度（测量一次）</translation>
    </message>
    <message>
        <source>Tied with “{best}”, within noise: {cells}.</source>
        <translation>与“{best}”持平（差别在噪声范围内）：{cells}。</translation>
    </message>
    <message>
        <source>Tied with “{best}”, within noise: {cells} and {more} more.</source>
        <translation>与“{best}”持平（差别在噪声范围内）：{cells}，另有 {more} 种。</translation>
    </message>
    <message>
        <source>“{cell}”</source>
        <translation>“{cell}”</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>A draft does not pay for short answers: no gain in the first {tokens} {tokens:token|tokens}.</source>
        <translation>草稿对短回答不划算：前 {tokens} 个词元没有增益。</translation>
    </message>
    <message>
        <source>{different} of {compared} {compared:answer|answers} {different:differs|differ} from plain decoding; “Verify” tells why.</source>
        <translation>{compared} 个回答中有 {different} 个与普通解码不同；“验证”可说明原因。</translation>
    </message>
    <message>
        <source>The figures vary by {spread}: something else kept this machine busy.</source>
        <translation>数值波动 {spread}：电脑当时还在忙别的事。</translation>
    </message>
    <message>
        <source>Could not be measured: {count}. The table says why.</source>
        <translation>无法测量的数量：{count}。原因见表格。</translation>
    </message>
    <message>
        <source>The run was not finished.</source>
        <translation>此次测量未完成。</translation>
    </message>
    <message>
        <source>Measured on battery power.</source>
        <translation>使用电池供电时测量。</translation>
    </message>
    <message>
        <source>About {needed} {needed:prompt|prompts} would settle it; here it was {compared}.</source>
        <translation>大约需要 {needed} 个提示词才能得出结论；这次只有 {compared} 个。</translation>
    </message>
    <message>
        <source>The gain differs so much among the {compared} {compared:prompt|prompts} that no number of them would settle it: run it again while nothing else keeps this machine busy.</source>
        <translation>{compared} 个提示词之间的提速差别太大，增加提示词也无法得出结论：请在电脑不忙时重新测量。</translation>
    </message>
    <message>
        <source>Of {count} {count:placement|placements} compared with the baseline the fastest may be fast by luck.</source>
        <translation>与基准比较了 {count} 种部署方式，其中最快的可能只是碰巧。</translation>
    </message>
    <message>
        <source>Everything here is emulated on the processor: it says nothing about real devices.</source>
        <translation>这里的一切都是在处理器上模拟的：不能说明真实设备的情况。</translation>
    </message>
    <message>
        <source>Not judged, because it uses an emulated device: {count} {count:placement|placements}. The figures say nothing about real ones.</source>
        <translation>有 {count} 种部署方式使用了模拟设备，因此不参与评判。其数据不能说明真实设备的情况。</translation>
    </message>
    <message>
        <source>“{cell}” is {gain} of “{baseline}” here.</source>
        <translation>“{cell}”在此为“{baseline}”的 {gain}。</translation>
    </message>
    <message>
        <source>No draft is best here: the best of them, “{cell}”, is {gain} of “{baseline}”, which may be noise. Nothing was saved.</source>
        <translation>此处不用草稿最好：其中最好的“{cell}”为“{baseline}”的 {gain}，可能只是噪声。未保存任何内容。</translation>
    </message>
    <message>
        <source>Too short to tell: the best draft, “{cell}”, is {gain} of “{baseline}”, which may be noise. Nothing was saved; more prompts would tell.</source>
        <translation>测量太短，无法判断：最好的草稿方式“{cell}”是“{baseline}”的 {gain}，但这可能只是噪声。没有保存任何内容；用更多提示词可以得出结论。</translation>
    </message>
    <message>
        <source>Nothing could be measured, so nothing was changed.</source>
        <translation>什么也没能测量，因此未作更改。</translation>
    </message>
    <message>
        <source>Stopped before anything was found; nothing was changed.</source>
        <translation>在有结果之前已停止；未作更改。</translation>
    </message>
    <message>
        <source>Found with {answers} {answers:answer|answers}; measuring everything would have taken {all}.</source>
        <translation>用 {answers} 次回答得出；全部测量需要 {all} 次。</translation>
    </message>
</context>
<context>
    <name>LabVerify</name>
    <message>
        <source>Equal: there is no difference that rounding does not explain.</source>
        <translation>一致：没有舍入无法解释的差异。</translation>
    </message>
    <message>
        <source>Different: the draft changes what the model says here.</source>
        <translation>不同：草稿改变了模型在此处的回答。</translation>
    </message>
    <message>
        <source>Undecided: not everything could be checked, or too little to be sure.</source>
        <translation>未定：并非全部都能检查，或依据太少而无法确定。</translation>
    </message>
    <message>
        <source>At full precision (f32)</source>
        <translation>全精度 (f32)</translation>
    </message>
    <message>
        <source>At the precision of chats</source>
        <translation>对话所用精度</translation>
    </message>
    <message>
        <source>{precision}: {prompts} {prompts:answer|answers} with {tokens} {tokens:token|tokens} {prompts:is|are} equal, every token.</source>
        <translation>{precision}：{prompts} 个回答共 {tokens} 个词元，逐个词元相同。</translation>
    </message>
    <message>
        <source>{precision}: {different} of {prompts} {prompts:answer|answers} {different:differs|differ}, each from a token where two were nearly as likely (logits at most {largest_gap} apart): rounding, not another model.</source>
        <translation>{precision}：{prompts} 个回答中有 {different} 个不同，都始于两个词元几乎同样可能之处（logits 最多相差 {largest_gap}）：这是舍入所致，并非另一个模型。</translation>
    </message>
    <message>
        <source>{precision}: {different} of {prompts} {prompts:answer|answers} {different:differs|differ}, and rounding does not explain it.</source>
        <translation>{precision}：{prompts} 个回答中有 {different} 个不同，舍入无法解释。</translation>
    </message>
    <message>
        <source>With temperature: in {samples} {samples:sample|samples} the first two tokens are as frequent as without a draft ({tests} chi-square {tests:test|tests}, lowest p = {p_value}). That shows no difference; it cannot prove that there is none.</source>
        <translation>有温度时：在 {samples} 个样本中，前两个词元出现的频率与不用草稿时相同（{tests} 次卡方检验，最小 p = {p_value}）。这表明没有发现差异，但不能证明没有差异。</translation>
    </message>
    <message>
        <source>With temperature: in {samples} {samples:sample|samples} the first tokens are not as frequent as without a draft (p = {p_value}).</source>
        <translation>有温度时：在 {samples} 个样本中，前几个词元出现的频率与不用草稿时不同（p = {p_value}）。</translation>
    </message>
    <message>
        <source>With temperature: {samples} {samples:sample tells|samples are too alike to tell} anything.</source>
        <translation>有温度时：{samples} 个样本过于相似，无法得出结论。</translation>
    </message>
    <message>
        <source>With temperature: not checked, because this placement does not offer it.</source>
        <translation>有温度时：未检查，因为此部署方式不提供。</translation>
    </message>
    <message>
        <source>A part could not be checked ({part}: {code}).</source>
        <translation>有一部分无法检查（{part}：{code}）。</translation>
    </message>
    <message>
        <source>Stopped before everything was checked.</source>
        <translation>在全部检查完之前已停止。</translation>
    </message>
    <message>
        <source>This holds for these prompts, models and versions on this machine, no further.</source>
        <translation>以上仅适用于这台电脑上的这些提示词、模型和版本。</translation>
    </message>
</context>
<context>
    <name>LabWords</name>
    <message>
        <source>Not possible</source>
        <translation>不可行</translation>
    </message>
    <message>
        <source>Baseline</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>Always measured</source>
        <translation>始终测量</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>不参与</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Plain decoding</source>
        <translation>普通解码</translation>
    </message>
    <message>
        <source>Draft length {lengths}</source>
        <translation>草稿长度 {lengths}</translation>
    </message>
    <message>
        <source>Not measured yet</source>
        <translation>尚未测量</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>{rate} tok/s</source>
        <translation>{rate} tok/s</translation>
    </message>
    <message>
        <source>{n} {n:token|tokens}</source>
        <translation>{n} 个词元</translation>
    </message>
    <message>
        <source>baseline</source>
        <translation>基准</translation>
    </message>
    <message>
        <source>tie with the best</source>
        <translation>与最快的持平</translation>
    </message>
    <message>
        <source>may be noise</source>
        <translation>可能是噪声</translation>
    </message>
    <message>
        <source>emulated</source>
        <translation>模拟</translation>
    </message>
    <message>
        <source>Between {low}× and {high}× with 95 % confidence</source>
        <translation>介于 {low} 倍和 {high} 倍之间，置信度 95 %</translation>
    </message>
    <message>
        <source>Placement</source>
        <translation>部署方式</translation>
    </message>
    <message>
        <source>tok/s</source>
        <translation>tok/s</translation>
    </message>
    <message>
        <source>Quartiles</source>
        <translation>四分位</translation>
    </message>
    <message>
        <source>Speed-up</source>
        <translation>加速比</translation>
    </message>
    <message>
        <source>95 % interval</source>
        <translation>95 % 区间</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首词元延迟</translation>
    </message>
    <message>
        <source>Tokens per step</source>
        <translation>每步词元数</translation>
    </message>
    <message>
        <source>Accepted by position</source>
        <translation>各位置的接受情况</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>加载</translation>
    </message>
    <message>
        <source>Same text</source>
        <translation>文字相同</translation>
    </message>
    <message>
        <source>J/token</source>
        <translation>J/词元</translation>
    </message>
    <message>
        <source>Decode speed</source>
        <translation>解码速度</translation>
    </message>
    <message>
        <source>Memory of the engine</source>
        <translation>引擎的内存</translation>
    </message>
    <message>
        <source>Time to load</source>
        <translation>加载时间</translation>
    </message>
    <message>
        <source>Energy per token</source>
        <translation>每词元能耗</translation>
    </message>
    <message>
        <source>Main {device}</source>
        <translation>主模型 {device}</translation>
    </message>
    <message>
        <source>Draft {device}</source>
        <translation>草稿 {device}</translation>
    </message>
    <message>
        <source>No draft</source>
        <translation>无草稿</translation>
    </message>
    <message>
        <source>Prompt lookup</source>
        <translation>提示词查找</translation>
    </message>
    <message>
        <source>{title} (emulated)</source>
        <translation>{title}（模拟）</translation>
    </message>
</context>
<context>
    <name>LengthChart</name>
    <message>
        <source>Expected speed-up by draft length</source>
        <translation>各草稿长度的预计加速</translation>
    </message>
    <message>
        <source>Nothing measured yet.</source>
        <translation>尚无测量结果。</translation>
    </message>
    <message>
        <source>Expected speed-up against plain decoding (the dashed line) for {low} to {high} {high:token|tokens}; the highest is {gain}× with {length}.</source>
        <translation>{low} 至 {high} 个词元相对普通解码（虚线）的预计加速；最高为 {gain}×，长度 {length}。</translation>
    </message>
</context>
<context>
    <name>LengthChoice</name>
    <message>
        <source>The first answers show which length is best.</source>
        <translation>前几次回答会显示哪个长度最好。</translation>
    </message>
    <message>
        <source>How the draft length is chosen</source>
        <translation>如何选择草稿长度</translation>
    </message>
    <message>
        <source>How many tokens are proposed before each check.</source>
        <translation>每次检查前草拟多少个词元。</translation>
    </message>
    <message>
        <source>Fixed</source>
        <translation>固定</translation>
    </message>
    <message>
        <source>Fixed: always the same number</source>
        <translation>固定：始终相同的数量</translation>
    </message>
    <message>
        <source>By confidence</source>
        <translation>按置信度</translation>
    </message>
    <message>
        <source>By confidence: until the draft model is less sure</source>
        <translation>按置信度：直到草稿模型不够确定</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Auto: chosen between answers from what was measured</source>
        <translation>自动：根据测量结果在两次回答之间选择</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Message actions</source>
        <translation>消息操作</translation>
    </message>
</context>
<context>
    <name>MessageEditor</name>
    <message>
        <source>Attached texts</source>
        <translation>附加的文本</translation>
    </message>
    <message>
        <source>Edit the message</source>
        <translation>编辑消息</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The earlier version is kept.</source>
        <translation>之前的版本会保留。</translation>
    </message>
</context>
<context>
    <name>MessageMenu</name>
    <message>
        <source>Draft model</source>
        <translation>草稿模型</translation>
    </message>
    <message>
        <source>Prompt lookup</source>
        <translation>提示词查找</translation>
    </message>
    <message>
        <source>No draft (plain decoding)</source>
        <translation>无草稿（普通解码）</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Edit and send again</source>
        <translation>编辑并重新发送</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>复制为 Markdown</translation>
    </message>
    <message>
        <source>Copy as plain text</source>
        <translation>复制为纯文本</translation>
    </message>
    <message>
        <source>Continue this answer</source>
        <translation>继续此回答</translation>
    </message>
    <message>
        <source>Regenerate</source>
        <translation>重新生成</translation>
    </message>
    <message>
        <source>Regenerate with</source>
        <translation>换用方式重新生成</translation>
    </message>
    <message>
        <source>Compare versions</source>
        <translation>比较版本</translation>
    </message>
    <message>
        <source>Figures of this answer</source>
        <translation>此回答的数值</translation>
    </message>
    <message>
        <source>Branch into a new chat</source>
        <translation>分支为新对话</translation>
    </message>
    <message>
        <source>Delete message</source>
        <translation>删除消息</translation>
    </message>
    <message>
        <source>Main model on {device}</source>
        <translation>主模型在 {device} 上</translation>
    </message>
    <message>
        <source>Draft model on {device}</source>
        <translation>草稿模型在 {device} 上</translation>
    </message>
</context>
<context>
    <name>MessageMenus</name>
    <message>
        <source>The answer was stopped.</source>
        <translation>回答已停止。</translation>
    </message>
    <message>
        <source>The answer was interrupted.</source>
        <translation>回答被中断。</translation>
    </message>
    <message>
        <source>The answer was cut at the token limit.</source>
        <translation>回答因达到词元上限而截断。</translation>
    </message>
    <message>
        <source>{count} {count:message|messages} deleted</source>
        <translation>已删除 {count} 条消息</translation>
    </message>
    <message>
        <source>Message deleted</source>
        <translation>已删除消息</translation>
    </message>
</context>
<context>
    <name>MessageOverlay</name>
    <message>
        <source>Hide thinking</source>
        <translation>隐藏思考</translation>
    </message>
    <message>
        <source>Show thinking</source>
        <translation>显示思考</translation>
    </message>
    <message>
        <source>Go through the steps</source>
        <translation>逐步查看验证步</translation>
    </message>
</context>
<context>
    <name>ModelDetails</name>
    <message>
        <source>Its terms have to be accepted on its page; then a token is needed.</source>
        <translation>须先在其页面上接受条款；之后需要令牌。</translation>
    </message>
</context>
<context>
    <name>ModelFault</name>
    <message>
        <source>“{file}” is in the GGUF format of llama.cpp. Here models of OpenVINO are needed: look for the same model under “Discover”, where names end in “-ov”.</source>
        <translation>“{file}”是 llama.cpp 的 GGUF 格式，而这里需要 OpenVINO 模型：请在“发现”中查找同一模型，名称以“-ov”结尾。</translation>
    </message>
    <message>
        <source>“{file}” is not converted to OpenVINO. Look for the same model under “Discover”, where names end in “-ov”.</source>
        <translation>“{file}”没有转换为 OpenVINO 格式。请在“发现”中查找同一模型，名称以“-ov”结尾。</translation>
    </message>
    <message>
        <source>“{file}” is a model of a kind that is not known here.</source>
        <translation>“{file}”是此处未知的一类模型。</translation>
    </message>
    <message>
        <source>“{file}” was exported without its KV cache inside and cannot be used for chats. Export it again as a stateful model, or get it under “Discover”.</source>
        <translation>“{file}”导出时没有包含 KV 缓存，无法用于对话。请重新导出为有状态模型，或在“发现”中获取。</translation>
    </message>
    <message>
        <source>There is no model here: “{file}” is empty.</source>
        <translation>这里没有模型：“{file}”是空的。</translation>
    </message>
    <message>
        <source>“{file}” is missing: without it this is no whole model.</source>
        <translation>缺少“{file}”：没有它，模型就不完整。</translation>
    </message>
    <message>
        <source>“{file}” is cut short: {size_bytes} of {expected_bytes} are there. Fetch or copy it again.</source>
        <translation>“{file}”不完整：只有 {size_bytes}，应为 {expected_bytes}。请重新下载或复制。</translation>
    </message>
</context>
<context>
    <name>ModelPageLink</name>
    <message>
        <source>Models of an unknown author</source>
        <translation>作者未知的模型</translation>
    </message>
    <message>
        <source>{models} is not from OpenVINO and nobody has looked at it for this program. Only model files are fetched, no program code; what it writes is up to its author.</source>
        <translation>{models} 并非来自 OpenVINO，也没有人为此程序检查过它。只会获取模型文件，不含程序代码；它写什么取决于其作者。</translation>
    </message>
    <message>
        <source>Download it</source>
        <translation>仍然下载</translation>
    </message>
    <message>
        <source>{models} can be used now.</source>
        <translation>现在可以使用 {models}。</translation>
    </message>
    <message>
        <source>Use this pair</source>
        <translation>使用这对模型</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>使用此模型</translation>
    </message>
</context>
<context>
    <name>ModelReason</name>
    <message>
        <source>Both split text the same way ({tokens} {tokens:token|tokens}).</source>
        <translation>两者切分文字的方式相同（{tokens} 个词元）。</translation>
    </message>
    <message>
        <source>The two are made for each other.</source>
        <translation>两者是为彼此而制作的。</translation>
    </message>
    <message>
        <source>Always takes the likeliest token; temperature has no effect.</source>
        <translation>始终取最可能的词元；温度不起作用。</translation>
    </message>
    <message>
        <source>Earlier turns are read anew for every answer.</source>
        <translation>每次回答都要重新读取之前的内容。</translation>
    </message>
    <message>
        <source>Needs no further memory.</source>
        <translation>不需要额外内存。</translation>
    </message>
    <message>
        <source>Not installed yet.</source>
        <translation>尚未安装。</translation>
    </message>
    <message>
        <source>The main model has {experts} {experts:expert|experts}; checking several tokens at once saves it less.</source>
        <translation>主模型有 {experts} 个专家；一次验证多个词元省下的时间较少。</translation>
    </message>
    <message>
        <source>The tokenizers cannot be compared; the two may not fit.</source>
        <translation>无法比较分词器；两者可能不匹配。</translation>
    </message>
    <message>
        <source>Special tokens differ; ordinary text is split the same way.</source>
        <translation>特殊词元不同；普通文字的切分方式相同。</translation>
    </message>
    <message>
        <source>The end tokens differ (main {main}, draft {draft}).</source>
        <translation>结束词元不同（主模型 {main}，草稿 {draft}）。</translation>
    </message>
    <message>
        <source>The draft knows fewer output tokens ({draft}) than the main ({main}).</source>
        <translation>草稿的输出词元（{draft}）少于主模型（{main}）。</translation>
    </message>
    <message>
        <source>The number of output tokens could not be read.</source>
        <translation>无法读取输出词元的数量。</translation>
    </message>
    <message>
        <source>Different families ({main} and {draft}): fewer tokens will be accepted.</source>
        <translation>系列不同（{main} 和 {draft}）：被接受的词元会较少。</translation>
    </message>
    <message>
        <source>The draft is large ({draft_parameters}; at most {largest_useful} pays off here).</source>
        <translation>草稿较大（{draft_parameters}；此处至多 {largest_useful} 才划算）。</translation>
    </message>
    <message>
        <source>The draft is not smaller than the main model, so it saves no time.</source>
        <translation>草稿不比主模型小，因此不省时间。</translation>
    </message>
    <message>
        <source>The model drafts for itself: every token is accepted, no time is saved.</source>
        <translation>模型为自己草拟：每个词元都被接受，但不省时间。</translation>
    </message>
    <message>
        <source>The head does not say which model it was trained for.</source>
        <translation>该草稿头未说明是为哪个模型训练的。</translation>
    </message>
    <message>
        <source>Same family and size of vocabulary; its files will tell for certain.</source>
        <translation>系列和词表大小相同；确切结论要看其文件。</translation>
    </message>
    <message>
        <source>{precision} weights are not tested on an NPU.</source>
        <translation>{precision} 权重未在 NPU 上测试过。</translation>
    </message>
    <message>
        <source>Weights of this kind ({precision}) are not tested on an NPU.</source>
        <translation>此类权重（{precision}）未在 NPU 上测试过。</translation>
    </message>
    <message>
        <source>This kind of model is not tested on an NPU.</source>
        <translation>此类模型未在 NPU 上测试过。</translation>
    </message>
    <message>
        <source>Untested: drafting with a head of this kind was never tried here.</source>
        <translation>未经测试：这里从未试过用这类草稿头草拟。</translation>
    </message>
    <message>
        <source>They split text differently (vocabularies of {main_tokens} and {draft_tokens} {draft_tokens:token|tokens}).</source>
        <translation>两者切分文字的方式不同（词表为 {main_tokens} 和 {draft_tokens} 个词元）。</translation>
    </message>
    <message>
        <source>The {token} token has another number (main {main}, draft {draft}).</source>
        <translation>词元 {token} 的编号不同（主模型 {main}，草稿 {draft}）。</translation>
    </message>
    <message>
        <source>This kind of model cannot propose text.</source>
        <translation>此类模型不能草拟文字。</translation>
    </message>
    <message>
        <source>The main model is of a kind that uses no draft.</source>
        <translation>主模型属于不使用草稿的类型。</translation>
    </message>
    <message>
        <source>Models that see images cannot be used for chats here.</source>
        <translation>能看图像的模型在这里不能用于对话。</translation>
    </message>
    <message>
        <source>MTP heads cannot be used here: theirs are main models that see images.</source>
        <translation>这里不能使用 MTP 头：它的主模型是能看图像的模型。</translation>
    </message>
    <message>
        <source>Files are missing or damaged.</source>
        <translation>文件缺失或损坏。</translation>
    </message>
    <message>
        <source>The draft has more output tokens ({draft}) than the main ({main}); none is accepted.</source>
        <translation>草稿的输出词元（{draft}）多于主模型（{main}）；一个也不会被接受。</translation>
    </message>
    <message>
        <source>The head was made for another vocabulary ({draft}, the main has {main}).</source>
        <translation>该草稿头是为另一个词表制作的（{draft}，主模型为 {main}）。</translation>
    </message>
    <message>
        <source>The head was made for another model (hidden size {draft}, here {main}).</source>
        <translation>该草稿头是为另一个模型制作的（隐藏层大小 {draft}，此处为 {main}）。</translation>
    </message>
    <message>
        <source>The main model has {layers} {layers:layer|layers}; such a head needs at least {least}.</source>
        <translation>主模型有 {layers} 层；这种草稿头至少需要 {least} 层。</translation>
    </message>
    <message>
        <source>The main model has no configuration to build this on.</source>
        <translation>主模型没有可供构建的配置。</translation>
    </message>
    <message>
        <source>With an EAGLE-3 head either both run on the NPU or none.</source>
        <translation>使用 EAGLE-3 头时，要么两者都在 NPU 上运行，要么都不在。</translation>
    </message>
    <message>
        <source>A head of this kind does not run with an NPU.</source>
        <translation>这种草稿头不能与 NPU 一起运行。</translation>
    </message>
    <message>
        <source>On an NPU both need the same number of output tokens ({main}, {draft}).</source>
        <translation>在 NPU 上，两者的输出词元数必须相同（{main}、{draft}）。</translation>
    </message>
    <message>
        <source>The NPU cannot take weights with zero points ({precision}).</source>
        <translation>NPU 不支持带零点的权重（{precision}）。</translation>
    </message>
    <message>
        <source>The NPU needs groups of 128 or whole channels; here groups of {group_size}.</source>
        <translation>NPU 需要 128 一组或整个通道的权重；此处每组 {group_size}。</translation>
    </message>
    <message>
        <source>The NPU cannot take these weights ({precision}).</source>
        <translation>NPU 不支持这些权重（{precision}）。</translation>
    </message>
    <message>
        <source>The GPU cannot take nf4 weights.</source>
        <translation>GPU 不支持 nf4 权重。</translation>
    </message>
    <message>
        <source>An NPU does no prompt lookup.</source>
        <translation>NPU 不支持提示词查找。</translation>
    </message>
    <message>
        <source>Made for another family ({draft}; the main is {main}).</source>
        <translation>为另一个系列制作（{draft}；主模型为 {main}）。</translation>
    </message>
    <message>
        <source>Made for another vocabulary ({draft} {draft:token|tokens}; the main has {main}).</source>
        <translation>为另一种词表制作（{draft} 个词元；主模型有 {main} 个）。</translation>
    </message>
</context>
<context>
    <name>ModelText</name>
    <message>
        <source>Language model</source>
        <translation>语言模型</translation>
    </message>
    <message>
        <source>EAGLE-3 head</source>
        <translation>EAGLE-3 头</translation>
    </message>
    <message>
        <source>DFlash head</source>
        <translation>DFlash 头</translation>
    </message>
    <message>
        <source>MTP head</source>
        <translation>MTP 头</translation>
    </message>
    <message>
        <source>Language model with images</source>
        <translation>支持图像的语言模型</translation>
    </message>
    <message>
        <source>Speech recognition</source>
        <translation>语音识别</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Reranker</source>
        <translation>重排序</translation>
    </message>
    <message>
        <source>Image generation</source>
        <translation>图像生成</translation>
    </message>
    <message>
        <source>Unknown kind</source>
        <translation>未知类型</translation>
    </message>
    <message>
        <source>Main</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Draft head</source>
        <translation>草稿头</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Comes with the program</source>
        <translation>随程序提供</translation>
    </message>
    <message>
        <source>Hugging Face</source>
        <translation>Hugging Face</translation>
    </message>
    <message>
        <source>Mirror</source>
        <translation>镜像</translation>
    </message>
    <message>
        <source>ModelScope</source>
        <translation>ModelScope</translation>
    </message>
    <message>
        <source>Own folder</source>
        <translation>自己的文件夹</translation>
    </message>
    <message>
        <source>Fits</source>
        <translation>匹配</translation>
    </message>
    <message>
        <source>Works, but</source>
        <translation>可用，但</translation>
    </message>
    <message>
        <source>Does not fit</source>
        <translation>不匹配</translation>
    </message>
    <message>
        <source>Fits this machine</source>
        <translation>适合这台电脑</translation>
    </message>
    <message>
        <source>May be slow</source>
        <translation>可能较慢</translation>
    </message>
    <message>
        <source>Will not fit</source>
        <translation>放不下</translation>
    </message>
    <message>
        <source>Size not known</source>
        <translation>大小未知</translation>
    </message>
    <message>
        <source>Draft model</source>
        <translation>草稿模型</translation>
    </message>
    <message>
        <source>Prompt lookup</source>
        <translation>提示词查找</translation>
    </message>
    <message>
        <source>No draft</source>
        <translation>无草稿</translation>
    </message>
    <message>
        <source>Memory: needs {needed}, {available} free</source>
        <translation>内存：需要 {needed}，可用 {available}</translation>
    </message>
    <message>
        <source>{device} memory: needs {needed}, has {available}</source>
        <translation>{device} 内存：需要 {needed}，共有 {available}</translation>
    </message>
    <message>
        <source>Disk: needs {needed}, {available} free</source>
        <translation>磁盘：需要 {needed}，可用 {available}</translation>
    </message>
    <message>
        <source>Weights {weights}, caches for {tokens} {tokens:token|tokens} {caches}, runtime {overhead}</source>
        <translation>权重 {weights}，{tokens} 个词元的缓存 {caches}，运行时 {overhead}</translation>
    </message>
    <message>
        <source>Estimated: exact sizes are known after the download.</source>
        <translation>估计值：下载后才知道确切大小。</translation>
    </message>
</context>
<context>
    <name>ModelsFeature</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>{count} unfinished {count:download|downloads}</source>
        <translation>{count} 个未完成的下载</translation>
    </message>
    <message>
        <source>What arrived is kept; they go on where they stopped.</source>
        <translation>已下载的内容会保留；将从中断处继续。</translation>
    </message>
    <message>
        <source>Show downloads</source>
        <translation>显示下载</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Downloads ({count})</source>
        <translation>下载（{count}）</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Discover</source>
        <translation>发现</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>The engine was started again</source>
        <translation>引擎已重新启动</translation>
    </message>
    <message>
        <source>It had ended unexpectedly; nothing of yours is lost.</source>
        <translation>它曾意外退出；您的内容没有丢失。</translation>
    </message>
    <message>
        <source>Devices could not be listed</source>
        <translation>无法列出设备</translation>
    </message>
    <message>
        <source>Only the CPU is offered; a driver may be at fault.</source>
        <translation>目前只提供 CPU；可能是驱动程序的问题。</translation>
    </message>
</context>
<context>
    <name>OptionRow</name>
    <message>
        <source>Recommended</source>
        <translation>推荐</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>Prompt lookup: no second model</source>
        <translation>提示词查找：无需第二个模型</translation>
    </message>
    <message>
        <source>{model} as its own draft</source>
        <translation>{model} 作为自己的草稿</translation>
    </message>
    <message>
        <source>Get this draft</source>
        <translation>获取此草稿</translation>
    </message>
    <message>
        <source>Use prompt lookup</source>
        <translation>使用提示词查找</translation>
    </message>
    <message>
        <source>Use this pair</source>
        <translation>使用这对模型</translation>
    </message>
    <message>
        <source>{action}: {draft}</source>
        <translation>{action}：{draft}</translation>
    </message>
</context>
<context>
    <name>PackCard</name>
    <message>
        <source>Recommended for this machine</source>
        <translation>推荐用于这台电脑</translation>
    </message>
    <message>
        <source>No draft model is known; prompt lookup works</source>
        <translation>没有已知的草稿模型；可用提示词查找</translation>
    </message>
    <message>
        <source>{device} (emulated)</source>
        <translation>{device}（模拟）</translation>
    </message>
    <message>
        <source>Main on {device}</source>
        <translation>主模型在 {device} 上</translation>
    </message>
    <message>
        <source>Draft on {device}</source>
        <translation>草稿在 {device} 上</translation>
    </message>
    <message>
        <source>about {size}</source>
        <translation>约 {size}</translation>
    </message>
    <message>
        <source>Card of {model}</source>
        <translation>{model} 的模型卡</translation>
    </message>
    <message>
        <source>Use this pair</source>
        <translation>使用这对模型</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>使用此模型</translation>
    </message>
    <message>
        <source>Downloading…</source>
        <translation>正在下载…</translation>
    </message>
    <message>
        <source>Get the missing one ({size})</source>
        <translation>获取缺少的一个（{size}）</translation>
    </message>
    <message>
        <source>Get both ({size})</source>
        <translation>获取两者（{size}）</translation>
    </message>
    <message>
        <source>Get ({size})</source>
        <translation>获取（{size}）</translation>
    </message>
    <message>
        <source>{action}: {pack}</source>
        <translation>{action}：{pack}</translation>
    </message>
</context>
<context>
    <name>PairButton</name>
    <message>
        <source>{pair}: choose the models (Ctrl+M)</source>
        <translation>{pair}：选择模型 (Ctrl+M)</translation>
    </message>
    <message>
        <source>Models: {pair}</source>
        <translation>模型：{pair}</translation>
    </message>
</context>
<context>
    <name>PairDialog</name>
    <message>
        <source>Choose the models</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Main models</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>Main</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>Device of the main model</source>
        <translation>主模型的设备</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Device of the draft model</source>
        <translation>草稿模型的设备</translation>
    </message>
    <message>
        <source>{device} (emulated)</source>
        <translation>{device}（模拟）</translation>
    </message>
    <message>
        <source>Use it without a draft</source>
        <translation>不用草稿</translation>
    </message>
    <message>
        <source>Get more models…</source>
        <translation>获取更多模型…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>{fitting} of {count} {count:way|ways} to draft {fitting:works|work} on these devices</source>
        <translation>{count} 种草拟方式中有 {fitting} 种可用于这些设备</translation>
    </message>
    <message>
        <source>No installed draft fits. What fits: family {family}, a vocabulary of {tokens} {tokens:token|tokens}, at most {size} parameters.</source>
        <translation>没有匹配的已安装草稿。匹配条件：系列 {family}，词表 {tokens} 个词元，参数至多 {size}。</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在比较…</translation>
    </message>
    <message>
        <source>Main model</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>Ways to draft</source>
        <translation>草拟方式</translation>
    </message>
</context>
<context>
    <name>PlacementNotes</name>
    <message>
        <source>Not used here. {reason}</source>
        <translation>此处不使用。{reason}</translation>
    </message>
    <message>
        <source>The runtime knows the NPU by the name NPU only, not {subject}.</source>
        <translation>运行时只认名为 NPU 的 NPU，不认 {subject}。</translation>
    </message>
    <message>
        <source>Prompt lookup does not run on an NPU.</source>
        <translation>提示词查找不能在 NPU 上运行。</translation>
    </message>
    <message>
        <source>With a draft model, an NPU always takes the likeliest token.</source>
        <translation>使用草稿模型时，NPU 始终取最可能的词元。</translation>
    </message>
    <message>
        <source>With a draft model, sampling on a GPU gives wrong text in this runtime.</source>
        <translation>使用草稿模型时，在 GPU 上采样会使此运行时产生错误的文字。</translation>
    </message>
    <message>
        <source>Without a draft nothing is proposed.</source>
        <translation>没有草稿就没有草拟词元。</translation>
    </message>
    <message>
        <source>Only a draft model has a confidence.</source>
        <translation>只有草稿模型才有置信度。</translation>
    </message>
    <message>
        <source>On an NPU the draft length adapts by itself, without a threshold.</source>
        <translation>在 NPU 上，草稿长度会自行调整，不使用阈值。</translation>
    </message>
    <message>
        <source>At a temperature above 0 drafts have a fixed length: that keeps sampling exact.</source>
        <translation>温度高于 0 时，草稿长度固定不变：这样采样才是精确的。</translation>
    </message>
    <message>
        <source>This pipeline was loaded with a draft that is always sure of itself; a threshold needs one loaded for it.</source>
        <translation>加载时草稿模型只提出最可能的词元，没有置信度；要使用阈值，需为此重新加载。</translation>
    </message>
    <message>
        <source>With a draft model, an NPU knows no repetition penalty.</source>
        <translation>使用草稿模型时，NPU 不支持重复惩罚。</translation>
    </message>
    <message>
        <source>A main model on the NPU takes drafts of at most {limit} {limit:token|tokens}, not {wanted}.</source>
        <translation>NPU 上的主模型一次最多接收 {limit} 个草拟词元，而不是 {wanted} 个。</translation>
    </message>
    <message>
        <source>On an NPU the runtime adapts the draft length, up to twice the number that is set.</source>
        <translation>在 NPU 上，运行时会自行调整草稿长度，最多为设定值的两倍。</translation>
    </message>
    <message>
        <source>Only the length of a draft model can be chosen from measurements.</source>
        <translation>只有使用草稿模型时，才能根据测量结果选择长度。</translation>
    </message>
    <message>
        <source>On an NPU the draft length is built in when the models are loaded, and the runtime adapts it by itself.</source>
        <translation>在 NPU 上，草稿长度在加载模型时就已固定，之后由运行时自行调整。</translation>
    </message>
    <message>
        <source>On the NPU prompt and answer together have {limit} {limit:token|tokens}; a longer answer ends there.</source>
        <translation>在 NPU 上，提示词和回答合计 {limit} 个词元；更长的回答会在此处结束。</translation>
    </message>
    <message>
        <source>The NPU keeps its own fixed cache; settings of memory and batching do nothing.</source>
        <translation>NPU 使用自己的固定缓存；内存和批处理设置不起作用。</translation>
    </message>
    <message>
        <source>At temperature 0 the likeliest token is always taken.</source>
        <translation>温度为 0 时，始终取最可能的词元。</translation>
    </message>
    <message>
        <source>With a draft model the likeliest token is taken, unless a temperature is set.</source>
        <translation>使用草稿模型时，若未设置温度，则取最可能的词元。</translation>
    </message>
</context>
<context>
    <name>PlainText</name>
    <message>
        <source>Message as plain text</source>
        <translation>消息的纯文本</translation>
    </message>
    <message>
        <source>Text of the message</source>
        <translation>消息的文字</translation>
    </message>
</context>
<context>
    <name>PositionChart</name>
    <message>
        <source>Not known here: only a draft on CPU or GPU shows positions.</source>
        <translation>此处未知：只有 CPU 或 GPU 上的草稿才显示位置。</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light, dark, or what the system uses.</source>
        <translation>浅色、深色，或跟随系统。</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>The language of the window; answers choose their own.</source>
        <translation>窗口的语言；回答的语言由模型自己决定。</translation>
    </message>
    <message>
        <source>Font size</source>
        <translation>字号</translation>
    </message>
    <message>
        <source>Of the chat and of every control.</source>
        <translation>用于对话和所有控件。</translation>
    </message>
    <message>
        <source>Small</source>
        <translation>小</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>中</translation>
    </message>
    <message>
        <source>Large</source>
        <translation>大</translation>
    </message>
    <message>
        <source>Extra large</source>
        <translation>特大</translation>
    </message>
    <message>
        <source>Token colours</source>
        <translation>词元着色</translation>
    </message>
    <message>
        <source>Tint the text that the draft model proposed.</source>
        <translation>为草稿模型草拟的文字着色。</translation>
    </message>
    <message>
        <source>Statistics panel</source>
        <translation>统计面板</translation>
    </message>
    <message>
        <source>Show live figures beside the chat.</source>
        <translation>在对话旁显示实时数值。</translation>
    </message>
    <message>
        <source>Update rate of the figures</source>
        <translation>数值的更新频率</translation>
    </message>
    <message>
        <source>How often per second the live figures are drawn anew.</source>
        <translation>每秒重绘实时数值的次数。</translation>
    </message>
    <message>
        <source>Icon in the system tray</source>
        <translation>系统托盘图标</translation>
    </message>
    <message>
        <source>Reach the window from the tray of the desktop.</source>
        <translation>从桌面的托盘打开窗口。</translation>
    </message>
    <message>
        <source>Close to tray</source>
        <translation>关闭到托盘</translation>
    </message>
    <message>
        <source>Closing the window leaves the program running in the tray, with its models loaded.</source>
        <translation>关闭窗口后，程序仍在托盘中运行，模型保持加载。</translation>
    </message>
    <message>
        <source>Stay awake while working</source>
        <translation>工作时保持唤醒</translation>
    </message>
    <message>
        <source>The computer does not go to sleep by itself during answers, comparisons and downloads; the screen may go dark.</source>
        <translation>生成回答、比较部署方式和下载期间，计算机不会自动睡眠；屏幕仍可能熄灭。</translation>
    </message>
    <message>
        <source>When a chat is too long</source>
        <translation>对话过长时</translation>
    </message>
    <message>
        <source>A model reads only so much; the meter below the message shows how much.</source>
        <translation>模型能读取的内容有限；消息下方的仪表显示已用多少。</translation>
    </message>
    <message>
        <source>Stop and say so</source>
        <translation>停止并说明</translation>
    </message>
    <message>
        <source>Leave out the oldest exchanges</source>
        <translation>省略最早的问答</translation>
    </message>
    <message>
        <source>Main model</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>The model that decides every token of an answer.</source>
        <translation>决定回答中每个词元的模型。</translation>
    </message>
    <message>
        <source>Draft model</source>
        <translation>草稿模型</translation>
    </message>
    <message>
        <source>The small model that proposes tokens to the main model.</source>
        <translation>向主模型草拟词元的小模型。</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>Where the proposed tokens come from.</source>
        <translation>草拟词元的来源。</translation>
    </message>
    <message>
        <source>Main device</source>
        <translation>主模型设备</translation>
    </message>
    <message>
        <source>The device that runs the main model.</source>
        <translation>运行主模型的设备。</translation>
    </message>
    <message>
        <source>Draft device</source>
        <translation>草稿模型设备</translation>
    </message>
    <message>
        <source>The device that runs the draft model.</source>
        <translation>运行草稿模型的设备。</translation>
    </message>
    <message>
        <source>num_assistant_tokens</source>
        <translation>num_assistant_tokens</translation>
    </message>
    <message>
        <source>Tokens proposed before the main model checks them.</source>
        <translation>主模型验证之前草拟的词元数。</translation>
    </message>
    <message>
        <source>Context limit</source>
        <translation>上下文上限</translation>
    </message>
    <message>
        <source>Most tokens of prompt and answer; empty is what the model can.</source>
        <translation>提示词与回答合计最多的词元数；留空则由模型决定。</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>温度</translation>
    </message>
    <message>
        <source>0 always takes the likeliest token; higher is freer.</source>
        <translation>0 始终取最可能的词元；越高越自由。</translation>
    </message>
    <message>
        <source>Token limit</source>
        <translation>词元上限</translation>
    </message>
    <message>
        <source>An answer is cut after this many tokens.</source>
        <translation>回答超过此词元数即被截断。</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>Instructions that stand before every chat.</source>
        <translation>放在每个对话之前的说明。</translation>
    </message>
    <message>
        <source>Top p</source>
        <translation>Top p</translation>
    </message>
    <message>
        <source>Only the likeliest tokens that together reach this probability.</source>
        <translation>只取合计达到此概率的最可能词元。</translation>
    </message>
    <message>
        <source>Top k</source>
        <translation>Top k</translation>
    </message>
    <message>
        <source>Only this many of the likeliest tokens; 0 is no limit.</source>
        <translation>只取这么多最可能的词元；0 表示不限。</translation>
    </message>
    <message>
        <source>Repetition penalty</source>
        <translation>重复惩罚</translation>
    </message>
    <message>
        <source>Above 1, tokens that were used already become less likely.</source>
        <translation>大于 1 时，已用过的词元可能性降低。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>The same seed repeats the same choice of tokens.</source>
        <translation>相同的种子重复相同的词元选择。</translation>
    </message>
    <message>
        <source>Stop strings</source>
        <translation>停止字符串</translation>
    </message>
    <message>
        <source>An answer ends where one of these appears; one a line.</source>
        <translation>出现其中之一时回答结束；每行一个。</translation>
    </message>
    <message>
        <source>Confidence threshold</source>
        <translation>置信度阈值</translation>
    </message>
    <message>
        <source>The draft model proposes until it is less sure than this.</source>
        <translation>草稿模型持续草拟，直到把握低于此值。</translation>
    </message>
    <message>
        <source>Automatic draft length</source>
        <translation>自动草稿长度</translation>
    </message>
    <message>
        <source>The number of proposed tokens is chosen between answers from what was measured.</source>
        <translation>根据测量结果，在两次回答之间选择草拟词元的数量。</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Named settings for the answers of a chat.</source>
        <translation>为对话的回答命名的一组设置。</translation>
    </message>
    <message>
        <source>Folders warned of</source>
        <translation>已提醒的文件夹</translation>
    </message>
    <message>
        <source>Risky folders that were told of at a start.</source>
        <translation>启动时提醒过的有风险的文件夹。</translation>
    </message>
    <message>
        <source>Last version</source>
        <translation>上一版本</translation>
    </message>
    <message>
        <source>The version whose changes were shown last.</source>
        <translation>最近一次显示过更新内容的版本。</translation>
    </message>
</context>
<context>
    <name>PresetBar</name>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Save, delete, import and export presets</source>
        <translation>保存、删除、导入和导出预设</translation>
    </message>
    <message>
        <source>Save as preset…</source>
        <translation>保存为预设…</translation>
    </message>
    <message>
        <source>Delete this preset</source>
        <translation>删除此预设</translation>
    </message>
    <message>
        <source>Import presets…</source>
        <translation>导入预设…</translation>
    </message>
    <message>
        <source>Export presets…</source>
        <translation>导出预设…</translation>
    </message>
    <message>
        <source>{name} (changed)</source>
        <translation>{name}（已更改）</translation>
    </message>
    <message>
        <source>Own settings</source>
        <translation>自己的设置</translation>
    </message>
</context>
<context>
    <name>Presets</name>
    <message>
        <source>Exact</source>
        <translation>精确</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Inventive</source>
        <translation>创意</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>代码</translation>
    </message>
    <message>
        <source>Work on a given text</source>
        <translation>处理给定文字</translation>
    </message>
</context>
<context>
    <name>ProgressCard</name>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Stop measuring</source>
        <translation>停止测量</translation>
    </message>
</context>
<context>
    <name>PropertiesDialog</name>
    <message>
        <source>Find a property</source>
        <translation>查找属性</translation>
    </message>
    <message>
        <source>No property is called so.</source>
        <translation>没有这样的属性。</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Use these</source>
        <translation>使用这些设置</translation>
    </message>
</context>
<context>
    <name>PropertyRow</name>
    <message>
        <source>Reset to the default: {label}</source>
        <translation>恢复默认值：{label}</translation>
    </message>
    <message>
        <source>Default ({value})</source>
        <translation>默认（{value}）</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>not limited</source>
        <translation>不限</translation>
    </message>
</context>
<context>
    <name>RaceLaneView</name>
    <message>
        <source>Tokens of {name}</source>
        <translation>{name} 的词元</translation>
    </message>
    <message>
        <source>Answer of {name}</source>
        <translation>{name} 的回答</translation>
    </message>
    <message>
        <source>tok/s</source>
        <translation>tok/s</translation>
    </message>
    <message>
        <source>{tokens} {tokens:token|tokens} in {time}</source>
        <translation>{tokens} 个词元，用时 {time}</translation>
    </message>
    <message>
        <source>reading the prompt</source>
        <translation>正在读取提示词</translation>
    </message>
    <message>
        <source>{tokens} {tokens:token|tokens}</source>
        <translation>{tokens} 个词元</translation>
    </message>
</context>
<context>
    <name>RaceTab</name>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Prompt of the race</source>
        <translation>竞速的提示词</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Speed of the replay</source>
        <translation>回放速度</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>From the start</source>
        <translation>从头开始</translation>
    </message>
    <message>
        <source>Compare placements first; then their answers can race here.</source>
        <translation>请先比较部署方式；之后可在这里让它们的回答竞速。</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Time of the race</source>
        <translation>竞速时间</translation>
    </message>
</context>
<context>
    <name>ReplayDialog</name>
    <message>
        <source>Step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>Place in the answer</source>
        <translation>在回答中的位置</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>The prompt has been read; nothing is written yet.</source>
        <translation>提示词已读取；尚未写出内容。</translation>
    </message>
    <message>
        <source>Step 0: reading the prompt gave the first token.</source>
        <translation>第 0 步：读取提示词得到第一个词元。</translation>
    </message>
    <message>
        <source>Step {step}: {accepted} {accepted:proposal|proposals} accepted, {own} by the main model</source>
        <translation>第 {step} 步：接受 {accepted} 个草拟词元，主模型产生 {own} 个</translation>
    </message>
    <message>
        <source>Step {step}: {accepted} of {proposed} {proposed:proposal|proposals} accepted, {own} by the main model</source>
        <translation>第 {step} 步：{proposed} 个草拟词元中接受 {accepted} 个，主模型产生 {own} 个</translation>
    </message>
    <message>
        <source>Replay slowly</source>
        <translation>慢速回放</translation>
    </message>
</context>
<context>
    <name>RepositoryDialog</name>
    <message>
        <source>Asking the hub…</source>
        <translation>正在询问平台…</translation>
    </message>
    <message>
        <source>Open its page</source>
        <translation>打开其页面</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>访问令牌</translation>
    </message>
    <message>
        <source>Use this token</source>
        <translation>使用此令牌</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>模型卡</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>{count} {count:file|files}</source>
        <translation>{count} 个文件</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>许可证：{licence}</translation>
    </message>
    <message>
        <source>not stated</source>
        <translation>未说明</translation>
    </message>
    <message>
        <source>Revision {revision}</source>
        <translation>修订版本 {revision}</translation>
    </message>
    <message>
        <source>Terms to accept</source>
        <translation>需接受的条款</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>It has no card.</source>
        <translation>没有模型卡。</translation>
    </message>
    <message>
        <source>Download again ({size})</source>
        <translation>重新下载（{size}）</translation>
    </message>
    <message>
        <source>Download ({size})</source>
        <translation>下载（{size}）</translation>
    </message>
    <message>
        <source>It holds no OpenVINO model, so there is nothing to use.</source>
        <translation>其中没有 OpenVINO 模型，因此没有可用的内容。</translation>
    </message>
    <message>
        <source>It can be downloaded, but it is no model for chats here.</source>
        <translation>可以下载，但它不是这里可用于对话的模型。</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>略去</translation>
    </message>
    <message>
        <source>Download with {draft}</source>
        <translation>连同 {draft} 一起下载</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
</context>
<context>
    <name>ResultRow</name>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Details of {model}</source>
        <translation>{model} 的详情</translation>
    </message>
    <message>
        <source>Installed</source>
        <translation>已安装</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Terms to accept</source>
        <translation>需接受的条款</translation>
    </message>
    <message>
        <source>Downloads: {count}</source>
        <translation>下载次数：{count}</translation>
    </message>
    <message>
        <source>Likes: {count}</source>
        <translation>点赞数：{count}</translation>
    </message>
</context>
<context>
    <name>ResultsView</name>
    <message>
        <source>Speed of every placement</source>
        <translation>各部署方式的速度</translation>
    </message>
    <message>
        <source>Heat map of the placements</source>
        <translation>部署方式热图</translation>
    </message>
    <message>
        <source>Accepted by position</source>
        <translation>各位置的接受情况</translation>
    </message>
    <message>
        <source>All draft lengths</source>
        <translation>全部草稿长度</translation>
    </message>
    <message>
        <source>Use this one</source>
        <translation>使用这一种</translation>
    </message>
    <message>
        <source>All figures</source>
        <translation>全部数值</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Speed in tokens per second, higher is better; the line is the middle half, the factor compares prompt by prompt</source>
        <translation>每秒词元数，越高越好；横线为中间一半，倍数按提示词逐个比较</translation>
    </message>
    <message>
        <source>Speed-up</source>
        <translation>加速比</translation>
    </message>
    <message>
        <source>Speed-up over the baseline, best draft length</source>
        <translation>相对基准的加速比，取最佳草稿长度</translation>
    </message>
    <message>
        <source>One placement</source>
        <translation>一种部署方式</translation>
    </message>
</context>
<context>
    <name>RunCard</name>
    <message>
        <source>Mark</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Mark {run}</source>
        <translation>标记 {run}</translation>
    </message>
    <message>
        <source>Mark two runs to compare them</source>
        <translation>标记两次测量以作比较</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show {run}</source>
        <translation>显示 {run}</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Go on with {run}</source>
        <translation>继续 {run}</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete {run}</source>
        <translation>删除 {run}</translation>
    </message>
</context>
<context>
    <name>RunStrip</name>
    <message>
        <source>Run lengths</source>
        <translation>各轮长度</translation>
    </message>
    <message>
        <source>Tokens per main iteration: {lengths}</source>
        <translation>每次主模型迭代的词元数：{lengths}</translation>
    </message>
    <message>
        <source>Nothing measured yet.</source>
        <translation>尚未测量。</translation>
    </message>
    <message>
        <source>Prefill: the first token</source>
        <translation>预填充：第一个词元</translation>
    </message>
    <message>
        <source>Step {step}: 1 token, no draft token accepted</source>
        <translation>第 {step} 步：1 个词元，未接受草稿词元</translation>
    </message>
    <message>
        <source>Step {step}: {tokens} {tokens:token|tokens}, {accepted} of them accepted</source>
        <translation>第 {step} 步：{tokens} 个词元，其中接受 {accepted} 个</translation>
    </message>
</context>
<context>
    <name>RunsTab</name>
    <message>
        <source>Runs</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Import a report…</source>
        <translation>导入报告…</translation>
    </message>
    <message>
        <source>Compare the two marked</source>
        <translation>比较两个标记项</translation>
    </message>
    <message>
        <source>No run was kept yet.</source>
        <translation>尚未保存任何测量。</translation>
    </message>
    <message>
        <source>Two runs compared</source>
        <translation>两次测量的比较</translation>
    </message>
    <message>
        <source>Lab reports (*.json *.html)</source>
        <translation>实验室报告 (*.json *.html)</translation>
    </message>
    <message>
        <source>Import a report</source>
        <translation>导入报告</translation>
    </message>
</context>
<context>
    <name>SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Find a setting</source>
        <translation>查找设置</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>分区</translation>
    </message>
    <message>
        <source>No setting fits.</source>
        <translation>没有符合的设置。</translation>
    </message>
</context>
<context>
    <name>SettingsFeature</name>
    <message>
        <source>Folders</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Power</source>
        <translation>电源</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Logs</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Nothing is reported</source>
        <translation>不报告任何内容</translation>
    </message>
    <message>
        <source>There is no telemetry, no account and no advertising.</source>
        <translation>没有遥测，没有账号，没有广告。</translation>
    </message>
    <message>
        <source>What you write stays here</source>
        <translation>您写的内容留在这里</translation>
    </message>
    <message>
        <source>Chats, settings and models are files in your data folder, for you alone.</source>
        <translation>对话、设置和模型都是您数据文件夹中的文件，只供您使用。</translation>
    </message>
    <message>
        <source>When the network is used</source>
        <translation>何时使用网络</translation>
    </message>
    <message>
        <source>Only when you look for or download a model, from the hub you chose; links are opened after asking. Pictures in answers are never loaded.</source>
        <translation>仅当您从所选平台查找或下载模型时；链接经询问后才打开。回答中的图片从不加载。</translation>
    </message>
    <message>
        <source>Tokens of hubs</source>
        <translation>平台的令牌</translation>
    </message>
    <message>
        <source>They are kept by the key ring of your system, never in a file.</source>
        <translation>由系统的密钥环保管，从不写入文件。</translation>
    </message>
    <message>
        <source>Slipstream {version}</source>
        <translation>Slipstream {version}</translation>
    </message>
    <message>
        <source>Versions, licences and changes.</source>
        <translation>版本、许可证和更新内容。</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Folder of the models</source>
        <translation>模型的文件夹</translation>
    </message>
    <message>
        <source>This desktop has no system tray.</source>
        <translation>此桌面没有系统托盘。</translation>
    </message>
    <message>
        <source>Needs the icon in the system tray.</source>
        <translation>需要系统托盘图标。</translation>
    </message>
    <message>
        <source>This system cannot be kept awake from here.</source>
        <translation>无法从这里让此系统保持唤醒。</translation>
    </message>
</context>
<context>
    <name>SetupCard</name>
    <message>
        <source>What is compared</source>
        <translation>比较的内容</translation>
    </message>
    <message>
        <source>Placements</source>
        <translation>部署方式</translation>
    </message>
    <message>
        <source>Prompts per set</source>
        <translation>每组提示词数</translation>
    </message>
    <message>
        <source>Rounds</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Rounds over all placements</source>
        <translation>遍历全部部署方式的轮数</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元数</translation>
    </message>
    <message>
        <source>Tokens per answer</source>
        <translation>每次回答的词元数</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Auto-tune</source>
        <translation>自动调优</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>How thoroughly to verify</source>
        <translation>验证的彻底程度</translation>
    </message>
    <message>
        <source>Compares answers with and without the draft, token by token.</source>
        <translation>逐个词元比较用草稿与不用草稿的回答。</translation>
    </message>
    <message>
        <source>One prompt per line</source>
        <translation>每行一个提示词</translation>
    </message>
    <message>
        <source>Own prompts, one per line</source>
        <translation>自己的提示词，每行一个</translation>
    </message>
    <message>
        <source>quickly</source>
        <translation>快速</translation>
    </message>
    <message>
        <source>Quickly: 40 prompts, 400 samples</source>
        <translation>快速：40 个提示词，400 个样本</translation>
    </message>
    <message>
        <source>thoroughly</source>
        <translation>彻底</translation>
    </message>
    <message>
        <source>Thoroughly: 200 prompts, 2000 samples</source>
        <translation>彻底：200 个提示词，2000 个样本</translation>
    </message>
    <message>
        <source>Looks for the best strategy and length at a third of the cost.</source>
        <translation>以三分之一的开销寻找最佳策略和长度。</translation>
    </message>
    <message>
        <source>Draft length</source>
        <translation>草稿长度</translation>
    </message>
</context>
<context>
    <name>ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Find a shortcut</source>
        <translation>查找快捷键</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>What</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message>
        <source>New chat</source>
        <translation>新建对话</translation>
    </message>
    <message>
        <source>New chat (Ctrl+N)</source>
        <translation>新建对话 (Ctrl+N)</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Settings (Ctrl+,)</source>
        <translation>设置 (Ctrl+,)</translation>
    </message>
    <message>
        <source>About Slipstream</source>
        <translation>关于 Slipstream</translation>
    </message>
</context>
<context>
    <name>SourceBar</name>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Source of models</source>
        <translation>模型的来源</translation>
    </message>
    <message>
        <source>Hugging Face</source>
        <translation>Hugging Face</translation>
    </message>
    <message>
        <source>Mirror of Hugging Face</source>
        <translation>Hugging Face 的镜像</translation>
    </message>
    <message>
        <source>ModelScope</source>
        <translation>ModelScope</translation>
    </message>
    <message>
        <source>https://mirror.example</source>
        <translation>https://mirror.example</translation>
    </message>
    <message>
        <source>Address of the mirror</source>
        <translation>镜像地址</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Verify the mirror</source>
        <translation>验证镜像</translation>
    </message>
    <message>
        <source>Access token…</source>
        <translation>访问令牌…</translation>
    </message>
    <message>
        <source>Access token</source>
        <translation>访问令牌</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Keep the access token</source>
        <translation>保存访问令牌</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>忘记</translation>
    </message>
    <message>
        <source>Forget the access token</source>
        <translation>忘记访问令牌</translation>
    </message>
    <message>
        <source>It works: {repository} is there and whole.</source>
        <translation>可用：{repository} 存在且完整。</translation>
    </message>
    <message>
        <source>It works, but a broken download begins each file again.</source>
        <translation>可用，但下载中断后每个文件都要从头开始。</translation>
    </message>
    <message>
        <source>The token is kept in the keyring of this system.</source>
        <translation>令牌保存在系统的密钥环中。</translation>
    </message>
    <message>
        <source>There is no keyring here: the token is kept until the program ends.</source>
        <translation>此处没有密钥环：令牌只保留到程序结束。</translation>
    </message>
    <message>
        <source>Trying the mirror…</source>
        <translation>正在试用镜像…</translation>
    </message>
    <message>
        <source>The token was forgotten.</source>
        <translation>已忘记令牌。</translation>
    </message>
</context>
<context>
    <name>SparkLine</name>
    <message>
        <source>Nothing measured yet.</source>
        <translation>尚未测量。</translation>
    </message>
    <message>
        <source>Last {last}, least {least}, greatest {greatest}.</source>
        <translation>最近 {last}，最小 {least}，最大 {greatest}。</translation>
    </message>
</context>
<context>
    <name>StateChip</name>
    <message>
        <source>Loaded in {time}</source>
        <translation>加载用时 {time}</translation>
    </message>
    <message>
        <source>Main model on {device}</source>
        <translation>主模型在 {device} 上</translation>
    </message>
    <message>
        <source>Draft model on {device}</source>
        <translation>草稿模型在 {device} 上</translation>
    </message>
    <message>
        <source>Engine: {state}</source>
        <translation>引擎：{state}</translation>
    </message>
    <message>
        <source>Cancel loading</source>
        <translation>取消加载</translation>
    </message>
    <message>
        <source>Load the models</source>
        <translation>加载模型</translation>
    </message>
    <message>
        <source>No model loaded</source>
        <translation>未加载模型</translation>
    </message>
    <message>
        <source>Loading</source>
        <translation>正在加载</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Answering</source>
        <translation>正在回答</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>Not loaded</source>
        <translation>未加载</translation>
    </message>
    <message>
        <source>Starting the engine</source>
        <translation>正在启动引擎</translation>
    </message>
    <message>
        <source>Checking the models</source>
        <translation>正在检查模型</translation>
    </message>
    <message>
        <source>Preparing the draft model</source>
        <translation>正在准备草稿模型</translation>
    </message>
    <message>
        <source>Preparing the main model</source>
        <translation>正在准备主模型</translation>
    </message>
    <message>
        <source>Reading the chat template</source>
        <translation>正在读取对话模板</translation>
    </message>
    <message>
        <source>Warming up</source>
        <translation>正在预热</translation>
    </message>
</context>
<context>
    <name>StatsPanel</name>
    <message>
        <source>Statistics</source>
        <translation>统计</translation>
    </message>
    <message>
        <source>Decode rate</source>
        <translation>解码速度</translation>
    </message>
    <message>
        <source>tok/s</source>
        <translation>tok/s</translation>
    </message>
    <message>
        <source>Tokens per second after the first run; waiting is not counted.</source>
        <translation>首轮之后每秒的词元数；不计等待时间。</translation>
    </message>
    <message>
        <source>Acceptance rate</source>
        <translation>接受率</translation>
    </message>
    <message>
        <source>of drafted tokens</source>
        <translation>草拟词元的接受比例</translation>
    </message>
    <message>
        <source>Share of the proposed tokens that the main model accepted.</source>
        <translation>主模型接受的草拟词元所占比例。</translation>
    </message>
</context>
<context>
    <name>StepStrip</name>
    <message>
        <source>Steps {first} to {last}: {tokens} {tokens:token|tokens}, {mean} in each on average</source>
        <translation>第 {first} 至 {last} 步：{tokens} 个词元，平均每步 {mean} 个</translation>
    </message>
    <message>
        <source>Prefill: the first token</source>
        <translation>预填充：第一个词元</translation>
    </message>
    <message>
        <source>Step {first}: 1 token, no draft token accepted</source>
        <translation>第 {first} 步：1 个词元，未接受草稿词元</translation>
    </message>
    <message>
        <source>Step {first}: {tokens} {tokens:token|tokens}, {accepted} of them accepted</source>
        <translation>第 {first} 步：{tokens} 个词元，其中接受 {accepted} 个</translation>
    </message>
    <message>
        <source>Took {milliseconds} ms, ready after {seconds} s</source>
        <translation>用时 {milliseconds} ms，{seconds} s 时就绪</translation>
    </message>
    <message>
        <source>{steps} verify {steps:step|steps} of {mean} {mean:token|tokens} on average, {most} at most. S goes through them.</source>
        <translation>{steps} 个验证步，平均每步 {mean} 个词元，最多 {most} 个。按 S 键逐步查看。</translation>
    </message>
</context>
<context>
    <name>StoreText</name>
    <message>
        <source>An answer was interrupted</source>
        <translation>有回答被中断</translation>
    </message>
    <message>
        <source>The program ended while {count} {count:answer was|answers were} being made; what had arrived was kept.</source>
        <translation>程序结束时正在生成 {count} 个回答；已收到的内容已保留。</translation>
    </message>
    <message>
        <source>The file of your chats was damaged</source>
        <translation>对话文件已损坏</translation>
    </message>
    <message>
        <source>It was rebuilt with {messages} {messages:message|messages} in {chats} {chats:chat|chats}, {from_backup} of them from a backup; {lost} could not be read. The damaged file was kept as {moved_to}.</source>
        <translation>已重建 {chats} 个对话中的 {messages} 条消息，其中 {from_backup} 条来自备份；{lost} 条无法读取。损坏的文件保存为 {moved_to}。</translation>
    </message>
    <message>
        <source>Chats of a newer version</source>
        <translation>更新版本的对话</translation>
    </message>
    <message>
        <source>A newer version wrote the file of your chats. They can be read here, but nothing new is saved.</source>
        <translation>对话文件由更新的版本写入。可在此阅读，但不会保存新内容。</translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>Your chat is kept in memory and saved as soon as there is room.</source>
        <translation>您的对话保留在内存中，有空间后立即保存。</translation>
    </message>
    <message>
        <source>Your chat cannot be saved</source>
        <translation>无法保存对话</translation>
    </message>
    <message>
        <source>It is kept in memory and saving is tried again. Reason: {reason}</source>
        <translation>对话保留在内存中，并会再次尝试保存。原因：{reason}</translation>
    </message>
    <message>
        <source>Saving works again</source>
        <translation>保存已恢复正常</translation>
    </message>
    <message>
        <source>Everything that waited is saved.</source>
        <translation>等待保存的内容已全部保存。</translation>
    </message>
    <message>
        <source>Chats are not saved</source>
        <translation>对话未保存</translation>
    </message>
    <message>
        <source>The file of your chats cannot be opened; this session is kept in memory only. Reason: {reason}</source>
        <translation>无法打开对话文件；本次内容只保留在内存中。原因：{reason}</translation>
    </message>
    <message>
        <source>Not everything was saved</source>
        <translation>并非全部已保存</translation>
    </message>
    <message>
        <source>{lost} {lost:change|changes} could not be saved.</source>
        <translation>有 {lost} 处更改未能保存。</translation>
    </message>
    <message>
        <source>No backup could be made</source>
        <translation>无法创建备份</translation>
    </message>
    <message>
        <source>Your chats are saved, but the backup in {folder} could not be written. Reason: {reason}</source>
        <translation>对话已保存，但无法在 {folder} 中写入备份。原因：{reason}</translation>
    </message>
    <message>
        <source>The search index is made anew</source>
        <translation>正在重建搜索索引</translation>
    </message>
    <message>
        <source>It was damaged; searching works meanwhile.</source>
        <translation>索引已损坏；其间仍可搜索。</translation>
    </message>
    <message>
        <source>Searching is slower here</source>
        <translation>此处搜索较慢</translation>
    </message>
    <message>
        <source>This system has no search index. Reason: {reason}</source>
        <translation>此系统没有搜索索引。原因：{reason}</translation>
    </message>
    <message>
        <source>The data folder is slow to save to</source>
        <translation>数据文件夹保存较慢</translation>
    </message>
    <message>
        <source>It seems to be a network folder: saving is safe there, but slower.</source>
        <translation>它似乎是网络文件夹：保存是安全的，但较慢。</translation>
    </message>
    <message>
        <source>It cannot be read. Reason: {reason}</source>
        <translation>无法读取。原因：{reason}</translation>
    </message>
    <message>
        <source>It is not there any more.</source>
        <translation>它已不存在。</translation>
    </message>
    <message>
        <source>You are not allowed to read it.</source>
        <translation>您没有读取它的权限。</translation>
    </message>
    <message>
        <source>The archive is damaged, or locked by a password.</source>
        <translation>压缩包已损坏，或受密码保护。</translation>
    </message>
    <message>
        <source>It is larger than {limit}.</source>
        <translation>它大于 {limit}。</translation>
    </message>
    <message>
        <source>It is not text in UTF-8 (byte {byte}).</source>
        <translation>不是 UTF-8 文本（字节 {byte}）。</translation>
    </message>
    <message>
        <source>It is not sound JSON: line {line}, column {column}.</source>
        <translation>不是有效的 JSON：第 {line} 行，第 {column} 列。</translation>
    </message>
    <message>
        <source>It is nested too deeply.</source>
        <translation>嵌套过深。</translation>
    </message>
    <message>
        <source>It is not an export of a program that is known here.</source>
        <translation>不是已知程序的导出文件。</translation>
    </message>
    <message>
        <source>A newer version exported it (format {found}, known here: {known}).</source>
        <translation>由更新的版本导出（格式 {found}，此处支持 {known}）。</translation>
    </message>
    <message>
        <source>At {where} something else was expected: {expected}.</source>
        <translation>{where} 处应为其他内容：{expected}。</translation>
    </message>
    <message>
        <source>It holds more than {limit} {limit:message|messages}.</source>
        <translation>消息超过 {limit} 条。</translation>
    </message>
    <message>
        <source>There is no chat in it.</source>
        <translation>其中没有对话。</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a whole number from {low} to {high}</source>
        <translation>{low} 到 {high} 之间的整数</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true 或 false</translation>
    </message>
    <message>
        <source>a time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>one of these: {allowed}</source>
        <translation>以下之一：{allowed}</translation>
    </message>
    <message>
        <source>messages that do not come before themselves</source>
        <translation>不会先于自身出现的消息</translation>
    </message>
    <message>
        <source>a first message that follows no other</source>
        <translation>不承接其他消息的首条消息</translation>
    </message>
    <message>
        <source>plain settings</source>
        <translation>普通设置</translation>
    </message>
    <message>
        <source>marked stretches that cover the text</source>
        <translation>覆盖全文的标记区段</translation>
    </message>
    <message>
        <source>the figures of an answer</source>
        <translation>回答的统计数据</translation>
    </message>
</context>
<context>
    <name>SystemReason</name>
    <message>
        <source>the file or folder was not found</source>
        <translation>找不到该文件或文件夹</translation>
    </message>
    <message>
        <source>permission was denied</source>
        <translation>没有所需的权限</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>it is a folder, not a file</source>
        <translation>它是文件夹，而不是文件</translation>
    </message>
    <message>
        <source>a part of the path is not a folder</source>
        <translation>路径中有一部分不是文件夹</translation>
    </message>
    <message>
        <source>another program is using it</source>
        <translation>它正被另一个程序占用</translation>
    </message>
    <message>
        <source>it is write-protected</source>
        <translation>它受到写保护</translation>
    </message>
    <message>
        <source>the name is too long</source>
        <translation>名称太长</translation>
    </message>
    <message>
        <source>the disk reports a fault</source>
        <translation>磁盘报告故障</translation>
    </message>
    <message>
        <source>the file cannot be opened</source>
        <translation>文件无法打开</translation>
    </message>
    <message>
        <source>the file is damaged</source>
        <translation>文件已损坏</translation>
    </message>
    <message>
        <source>{reason} ({path})</source>
        <translation>{reason}（{path}）</translation>
    </message>
</context>
<context>
    <name>TemporaryStrip</name>
    <message>
        <source>Temporary chat: it is never written to disk and gone when you leave it.</source>
        <translation>临时对话：从不写入磁盘，离开后即消失。</translation>
    </message>
    <message>
        <source>Keep this chat</source>
        <translation>保留此对话</translation>
    </message>
</context>
<context>
    <name>TextDialogs</name>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>What&apos;s new</source>
        <translation>更新内容</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Main</source>
        <translation>主模型</translation>
    </message>
    <message>
        <source>Device of the main model</source>
        <translation>主模型的设备</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Device of the draft model</source>
        <translation>草稿模型的设备</translation>
    </message>
    <message>
        <source>Sidebar (Ctrl+B)</source>
        <translation>侧边栏 (Ctrl+B)</translation>
    </message>
    <message>
        <source>Tint accepted draft tokens (Ctrl+T)</source>
        <translation>为被接受的草稿词元着色 (Ctrl+T)</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Statistics (Ctrl+I)</source>
        <translation>统计 (Ctrl+I)</translation>
    </message>
    <message>
        <source>{device} (emulated)</source>
        <translation>{device}（模拟）</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>The draft length is chosen automatically; the generation settings say so</source>
        <translation>草稿长度自动选择；可在生成设置中更改</translation>
    </message>
    <message>
        <source>num_assistant_tokens: tokens proposed before the main model checks them</source>
        <translation>num_assistant_tokens：主模型验证之前草拟的词元数</translation>
    </message>
    <message>
        <source>Scripted answers</source>
        <translation>脚本回答</translation>
    </message>
    <message>
        <source>Demonstration pair</source>
        <translation>演示模型对</translation>
    </message>
    <message>
        <source>{main} + {draft}</source>
        <translation>{main} + {draft}</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>Draft model</source>
        <translation>草稿模型</translation>
    </message>
    <message>
        <source>Draft model: a small model proposes, the main model checks</source>
        <translation>草稿模型：小模型草拟，主模型验证</translation>
    </message>
    <message>
        <source>Prompt lookup</source>
        <translation>提示词查找</translation>
    </message>
    <message>
        <source>Prompt lookup: proposals are copied from the prompt</source>
        <translation>提示词查找：从提示词中复制草拟词元</translation>
    </message>
    <message>
        <source>No draft</source>
        <translation>无草稿</translation>
    </message>
    <message>
        <source>No draft: one main step for every token</source>
        <translation>无草稿：每个词元都由主模型走一步</translation>
    </message>
    <message>
        <source>Where the proposed tokens come from</source>
        <translation>草拟词元的来源</translation>
    </message>
    <message>
        <source>Assistant tokens</source>
        <translation>草拟词元数</translation>
    </message>
    <message>
        <source>Follow the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
</context>
<context>
    <name>Transfer</name>
    <message>
        <source>Markdown…</source>
        <translation>Markdown…</translation>
    </message>
    <message>
        <source>HTML…</source>
        <translation>HTML…</translation>
    </message>
    <message>
        <source>PDF…</source>
        <translation>PDF…</translation>
    </message>
    <message>
        <source>JSON, complete…</source>
        <translation>JSON，完整…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Import chats</source>
        <translation>导入对话</translation>
    </message>
    <message>
        <source>Chats</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>Import a folder</source>
        <translation>导入文件夹</translation>
    </message>
    <message>
        <source>Slipstream chats</source>
        <translation>Slipstream 对话</translation>
    </message>
    <message>
        <source>You</source>
        <translation>您</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>助手</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Untitled chat</source>
        <translation>未命名对话</translation>
    </message>
    <message>
        <source>Image:</source>
        <translation>图片：</translation>
    </message>
    <message>
        <source>Attached: {name}</source>
        <translation>附件：{name}</translation>
    </message>
    <message>
        <source>{count} {count:chat was|chats were} written to {place}.</source>
        <translation>已将 {count} 个对话写入 {place}。</translation>
    </message>
    <message>
        <source>The chat was written to {place}.</source>
        <translation>已将对话写入 {place}。</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>已导出</translation>
    </message>
    <message>
        <source>The export failed</source>
        <translation>导出失败</translation>
    </message>
    <message>
        <source>The chat is not there any more.</source>
        <translation>该对话已不存在。</translation>
    </message>
    <message>
        <source>Nothing complete was written. Reason: {reason}</source>
        <translation>未写入完整内容。原因：{reason}</translation>
    </message>
    <message>
        <source>{count} {count:chat was|chats were} added.</source>
        <translation>已添加 {count} 个对话。</translation>
    </message>
    <message>
        <source>One chat was added.</source>
        <translation>已添加 1 个对话。</translation>
    </message>
    <message>
        <source>{count} {count:part|parts} without text (images, tool calls) {count:was|were} left out.</source>
        <translation>略去了 {count} 个没有文字的部分（图片、工具调用）。</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>已导入</translation>
    </message>
    <message>
        <source>{name} was not imported</source>
        <translation>未导入 {name}</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Show the window</source>
        <translation>显示窗口</translation>
    </message>
    <message>
        <source>New chat</source>
        <translation>新建对话</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>It goes on running here; quit it from this icon&apos;s menu.</source>
        <translation>程序在此继续运行；可从此图标的菜单退出。</translation>
    </message>
</context>
<context>
    <name>UndoBar</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Undo the deletion</source>
        <translation>撤销删除</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>关闭提示</translation>
    </message>
</context>
<context>
    <name>VerdictCard</name>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>使用它</translation>
    </message>
    <message>
        <source>Repeat with more…</source>
        <translation>用更多提示词重测…</translation>
    </message>
</context>
<context>
    <name>VersionSwitch</name>
    <message>
        <source>Previous version</source>
        <translation>上一版本</translation>
    </message>
    <message>
        <source>Next version</source>
        <translation>下一版本</translation>
    </message>
    <message>
        <source>Version {number} of {count}</source>
        <translation>第 {number} / {count} 版</translation>
    </message>
</context>
<context>
    <name>Wakefulness</name>
    <message>
        <source>Work is under way</source>
        <translation>正在工作</translation>
    </message>
</context>
</TS>
