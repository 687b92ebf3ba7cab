// SPDX-License-Identifier: MIT
#include "broadcastbar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "icons.h"
#include "terminalbroadcast.h"
#include "terminalview.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{
constexpr int IconSize = 16;
constexpr int MostNames = 6;
}  // namespace

BroadcastBar::BroadcastBar(TerminalBroadcast *broadcast, QWidget *parent)
    : QFrame(parent), m_broadcast(broadcast), m_label(new QLabel(this))
{
    setObjectName(u"broadcastBar"_s);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Highlight);
    auto *icon = new QLabel(this);
    icon->setPixmap(themedIcon(u"broadcast"_s, palette().color(QPalette::HighlightedText))
                        .pixmap(QSize(IconSize, IconSize), devicePixelRatio()));
    m_label->setObjectName(u"broadcastLabel"_s);
    m_label->setForegroundRole(QPalette::HighlightedText);
    m_label->setTextFormat(Qt::PlainText);
    m_label->setWordWrap(true);
    auto *stop = new QPushButton(tr("Stop"), this);
    stop->setObjectName(u"stopBroadcastButton"_s);
    stop->setAccessibleName(tr("Stop typing into several terminals"));
    stop->setFocusPolicy(Qt::TabFocus);  // a click leaves the keyboard where it is
    connect(stop, &QPushButton::clicked, broadcast, &TerminalBroadcast::stop);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 4, 10, 4);
    layout->addWidget(icon);
    layout->addWidget(m_label, 1);
    layout->addWidget(stop);
    connect(broadcast, &TerminalBroadcast::changed, this, &BroadcastBar::update);
    update();
}

void BroadcastBar::update()
{
    const QList<TerminalView *> members = m_broadcast->members();
    setVisible(!members.isEmpty());
    QStringList names;
    for (const TerminalView *member : members.first(qMin(qsizetype(MostNames), members.size())))
        names.append(member->label());
    if (members.size() > MostNames)
        names.append(u"…"_s);
    m_label->setText(
        members.size() == 1
            ? tr("Choose a second terminal to type into both: %1.").arg(names.first())
            : tr("What you type or paste goes to %n terminals: %1.", nullptr, int(members.size()))
                  .arg(names.join(u", "_s)));
}

}  // namespace voidrun
