// SPDX-License-Identifier: MIT
#include "resultcard.h"

#include <QAccessible>
#include <QEvent>
#include <QHeaderView>

#include "icons.h"
#include "models/jsonmodel.h"
#include "models/recordsmodel.h"
#include "models/visibletext.h"
#include "previewcontent.h"
#include "runtext.h"
#include "ui_resultcard.h"

using namespace Qt::StringLiterals;

namespace voidrun
{

namespace
{

constexpr int IconSize = 20;
constexpr QSize MostOfImage(640, 240);
constexpr int LinesOfValue = 7;
constexpr qsizetype LongestValue = 2000;  // characters

}  // namespace

ResultCard::ResultCard(QWidget *parent) : QFrame(parent), m_ui(std::make_unique<Ui::ResultCard>())
{
    m_ui->setupUi(this);
    QFont bold = m_ui->titleLabel->font();
    bold.setWeight(QFont::DemiBold);
    m_ui->titleLabel->setFont(bold);
    m_ui->factsLabel->setForegroundRole(QPalette::PlaceholderText);
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    connect(m_ui->againButton, &QPushButton::clicked, this, &ResultCard::againRequested);
    connect(m_ui->lookButton, &QPushButton::clicked, this, [this] {
        m_ui->lookButton->setEnabled(false);
        m_ui->lookButton->setText(tr("Looking…"));
        Q_EMIT lookRequested();
    });
    connect(m_ui->installButton, &QPushButton::clicked, this,
            [this] { Q_EMIT installRequested(m_outcome.installLine); });
    connect(m_ui->detailsButton, &QPushButton::toggled, this, &ResultCard::showDetails);
}

ResultCard::~ResultCard() = default;

void ResultCard::showOutcome(const RunRequest &request, const RunOutcome &outcome)
{
    m_outcome = outcome;
    m_ui->titleLabel->setText(outcomeTitle(outcome));
    m_ui->factsLabel->setText(outcomeFacts(outcome));
    const QString text = outcomeText(outcome);
    m_ui->textLabel->setText(text);
    m_ui->textLabel->setVisible(!text.isEmpty());
    m_ui->installButton->setVisible(!outcome.installLine.isEmpty());
    m_ui->installButton->setText(tr("Install %1").arg(outcome.program));
    m_ui->installButton->setToolTip(outcome.installLine);
    m_ui->lookButton->setVisible(outcome.kind == RunOutcome::Kind::Unknown);
    m_ui->lookButton->setEnabled(true);
    m_ui->lookButton->setText(tr("Look whether it runs"));
    m_ui->detailsButton->setChecked(false);
    m_ui->detailsButton->setVisible(!outcome.isSuccess());
    showDetails();
    showValue(request, outcome);
    updateIcon();
    setAccessibleName(tr("Result: %1").arg(outcomeTitle(outcome)));
    setAccessibleDescription(outcomeFacts(outcome) % u". "_s % text);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void ResultCard::showLook(const Result<QStringList> &running)
{
    m_ui->lookButton->setEnabled(true);
    m_ui->lookButton->setText(tr("Look again"));
    const QString text = lookText(running);
    m_ui->textLabel->setText(text);
    m_ui->textLabel->show();
    setAccessibleDescription(text);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

// What the server and the program themselves said, word by word.
void ResultCard::showDetails()
{
    QStringList lines;
    if (m_outcome.kind == RunOutcome::Kind::Exited || m_outcome.kind == RunOutcome::Kind::Stopped)
        lines.append(tr("Exit code %1").arg(m_outcome.exitCode));
    if (m_outcome.error.httpStatus != 0)
        lines.append(tr("HTTP status %1").arg(m_outcome.error.httpStatus));
    for (const QString &words :
         {m_outcome.serverWords, m_outcome.error.code, m_outcome.error.detail}) {
        if (!words.isEmpty())
            lines.append(visibleText(words.left(LongestValue)));
    }
    lines.append(tr("What the program wrote is above, as it wrote it."));
    m_ui->detailsLabel->setText(lines.join(u'\n'));
    m_ui->detailsLabel->setVisible(m_ui->detailsButton->isChecked());
}

void ResultCard::showValue(const RunRequest &request, const RunOutcome &outcome)
{
    const QVariant &value = outcome.result;
    const bool hasParts =
        value.typeId() == QMetaType::QVariantList || value.typeId() == QMetaType::QVariantMap;
    const bool isImage =
        value.typeId() == QMetaType::QString && value.toString().startsWith("data:image/"_L1);
    const bool isShown =
        outcome.isSuccess() && value.isValid() && (hasParts || isImage || request.isCode);
    m_ui->valueTree->setModel(nullptr);
    m_ui->valueTable->setModel(nullptr);
    m_value.reset();
    m_ui->valueStack->setVisible(isShown);
    if (!isShown)
        return;
    const int height = LinesOfValue * (fontMetrics().lineSpacing() + 6);
    m_ui->valueStack->setMaximumHeight(hasParts ? height : QWIDGETSIZE_MAX);
    if (isImage && showImage(value.toString())) {
        m_ui->valueStack->setCurrentWidget(m_ui->imageLabel);
    } else if (RecordsModel::isList(value)) {
        m_value = std::make_unique<RecordsModel>(value);
        m_ui->valueTable->setModel(m_value.get());
        m_ui->valueTable->resizeColumnsToContents();
        m_ui->valueStack->setCurrentWidget(m_ui->valueTable);
    } else if (auto tree = hasParts ? JsonModel::fromText(outcome.resultText) : nullptr) {
        m_value = std::move(tree);
        m_ui->valueTree->setModel(m_value.get());
        m_ui->valueTree->header()->resizeSection(0, 14 * fontMetrics().horizontalAdvance(u'm'));
        m_ui->valueStack->setCurrentWidget(m_ui->valueTree);
    } else {
        m_ui->valueLabel->setText(tr("Result: %1").arg(valueText(value).left(LongestValue)));
        m_ui->valueStack->setCurrentWidget(m_ui->valueLabel);
    }
    for (QWidget *page :
         {static_cast<QWidget *>(m_ui->valueLabel), static_cast<QWidget *>(m_ui->imageLabel)})
        page->setSizePolicy(QSizePolicy::Preferred, page == m_ui->valueStack->currentWidget()
                                                        ? QSizePolicy::Maximum
                                                        : QSizePolicy::Ignored);
}

bool ResultCard::showImage(const QString &text)
{
    const auto comma = text.indexOf(u',');
    if (comma < 0 || !QStringView(text).left(comma).endsWith(";base64"_L1))
        return false;
    const QByteArray bytes = QByteArray::fromBase64(text.sliced(comma + 1).toLatin1());
    QSize size;
    const QImage image = previewImage(bytes, MostOfImage, &size);
    m_ui->imageLabel->setPixmap(QPixmap::fromImage(image));
    return !image.isNull();
}

void ResultCard::updateIcon()
{
    const bool dark = palette().color(QPalette::Base).lightness() < 128;
    const bool isUnknown =
        m_outcome.kind == RunOutcome::Kind::Unknown || m_outcome.kind == RunOutcome::Kind::Stopped;
    QColor color = dark ? QColor(0xff, 0x8a, 0x8f) : QColor(0xb4, 0x1c, 0x25);
    QString name = u"error"_s;
    if (m_outcome.isSuccess()) {
        color = dark ? QColor(0x6c, 0xd4, 0x8a) : QColor(0x1a, 0x7a, 0x35);
        name = u"check"_s;
    } else if (isUnknown) {
        color = palette().color(QPalette::WindowText);
        name = m_outcome.kind == RunOutcome::Kind::Stopped ? u"stop"_s : u"waiting"_s;
    }
    m_ui->iconLabel->setPixmap(
        themedIcon(name, color).pixmap(QSize(IconSize, IconSize), devicePixelRatio()));
}

void ResultCard::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        updateIcon();
}

}  // namespace voidrun
