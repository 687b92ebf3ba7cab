// SPDX-License-Identifier: MIT
#include "transferrig.h"

using namespace Qt::StringLiterals;

namespace voidrun::test
{

namespace
{

constexpr int Patience = 60'000;  // ms

}  // namespace

void TransferRig::renew()
{
    m_model.reset();
    m_dir = std::make_unique<QTemporaryDir>();
    m_folder = u"/tmp/t%1"_s.arg(++m_number);
    run(u"true"_s);
    restartModel();
}

void TransferRig::restartModel()
{
    m_model.reset();
    m_model = std::make_unique<TransferModel>(local(u"state/transfers"_s));
}

QString TransferRig::run(const QString &command)
{
    return m_box.run(u"mkdir -p %1 && cd %1 && { %2\n}"_s.arg(m_folder, command));
}

TransferRequest TransferRig::request(TransferRequest::Direction direction)
{
    TransferRequest request;
    request.direction = direction;
    request.profile = m_box.engine().profile();
    request.sandboxId = m_box.id();
    request.sandboxName = u"models-test"_s;
    return request;
}

int TransferRig::upload(const QStringList &names, TransferRequest::Conflict conflict)
{
    TransferRequest asked = request(TransferRequest::Direction::Upload);
    asked.conflict = conflict;
    asked.target = m_folder;
    for (const QString &name : names)
        asked.sources.append(local(name));
    return m_model->start(asked);
}

int TransferRig::download(const QStringList &names, TransferRequest::Conflict conflict)
{
    TransferRequest asked = request(TransferRequest::Direction::Download);
    asked.conflict = conflict;
    asked.target = local(u"down"_s);
    for (const QString &name : names)
        asked.sources.append(guest(name));
    return m_model->start(asked);
}

bool TransferRig::reach(int id, State wanted) const
{
    const auto state = [&] { return m_model->item(id)->state; };
    return QTest::qWaitFor([&] { return state() == wanted || TransferModel::isFinal(state()); },
                           Patience) &&
           state() == wanted;
}

QByteArray TransferRig::describe(int id) const
{
    const TransferModel::Item *item = m_model->item(id);
    QString text =
        u"state %1, %2 of %3 done, %4 failed, %5 of %6 bytes"_s.arg(static_cast<int>(item->state))
            .arg(item->filesDone)
            .arg(item->filesTotal)
            .arg(item->filesFailed)
            .arg(item->bytesDone)
            .arg(item->bytesTotal);
    for (const Error &error : item->failures.first(std::min<qsizetype>(3, item->failures.size())))
        text += u"; error %1/%2: %3 %4"_s.arg(static_cast<int>(error.kind))
                    .arg(static_cast<int>(error.reason))
                    .arg(error.code + error.detail, error.subject);
    return text.toUtf8();
}

}  // namespace voidrun::test
