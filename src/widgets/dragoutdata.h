// SPDX-License-Identifier: MIT
#pragma once

#include <QMimeData>
#include <QStringList>

namespace voidrun
{

// What is dragged out of the file list, or copied there. Inside the window it is the guest paths;
// other programs see a list of files. Those files must be fetched first: until fetched() was called
// other programs are given nothing (they ignore the drop), never a half file.
class DragOutData : public QMimeData
{
    Q_OBJECT

public:
    // A drag names its formats once, when it starts; the clipboard is asked for them each time.
    enum class Offer { AtOnce, WhenFetched };
    // Takes the formats of `inner` (the model's own data, deleted here).
    explicit DragOutData(QMimeData *inner, Offer offer = Offer::AtOnce);

    void setFetched(const QStringList &localFiles);
    // The same for the clipboard to take: whoever watches it learns that there is more now.
    DragOutData *clone() const;
    bool isFetched() const { return !m_localFiles.isEmpty(); }
    // Somebody asked for the files before they were there.
    bool wasAskedTooEarly() const { return m_askedTooEarly; }

    QStringList formats() const override;
    bool hasFormat(const QString &mimeType) const override;

protected:
    QVariant retrieveData(const QString &mimeType, QMetaType type) const override;

private:
    bool isOffered() const { return m_offer == Offer::AtOnce || isFetched(); }
    bool isCopied() const { return m_offer == Offer::WhenFetched && isFetched(); }

    Offer m_offer;
    QStringList m_localFiles;
    mutable bool m_askedTooEarly = false;
};

}  // namespace voidrun
