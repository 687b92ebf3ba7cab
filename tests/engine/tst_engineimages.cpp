// SPDX-License-Identifier: MIT
#include "engineundertest.h"

// Root file systems from --images-dir.
class TestEngineImages : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void areListed();
    void sandboxHasTheImagesFiles_data();
    void sandboxHasTheImagesFiles();
    void missingImageIsSaid();

private:
    void makeRoot(const QString &name, int owner);
    QTemporaryDir m_images;
    EngineUnderTest m_engine;
};

// A shell, some tools and the libraries that they need.
void TestEngineImages::makeRoot(const QString &name, int owner)
{
    const QString script =
        uR"(set -e; root=$1/$2
mkdir -p $root/usr/bin $root/usr/lib64 $root/etc $root/tmp
ln -s usr/bin $root/bin; ln -s usr/lib64 $root/lib64
cp /bin/dash $root/usr/bin/sh
for tool in cat ls rm touch; do cp /bin/$tool $root/usr/bin; done
for library in $(ldd /bin/ls /bin/dash | grep -o '/[^ ]*\.so[^ ]*' | sort -u); do
  mkdir -p $root/$(dirname $library); [ -e $root$library ] || cp -L $library $root$library
done
echo image $2 > $root/etc/marker
[ $(id -u) != 0 ] || chown -hR $3:$3 $root)"_s;
    QCOMPARE(QProcess::execute(u"bash"_s, {u"-c"_s, script, u"bash"_s, m_images.path(), name,
                                           QString::number(owner)}),
             0);
}

void TestEngineImages::initTestCase()
{
    makeRoot(u"small"_s, 0);             // copied where the sandboxes' account is another
    makeRoot(u"layered"_s, 1800000000);  // the sandboxes' account's own, when root runs the engine
    QVERIFY(QDir(m_images.path()).mkdir(u"not-a-root"_s));
    QVERIFY2(m_engine.start({}, {u"--images-dir"_s, m_images.path()}), m_engine.log().constData());
}

void TestEngineImages::areListed()
{
    const QJsonArray images = QJsonDocument::fromJson(m_engine.get(u"/images"_s).body).array();
    QStringList names;
    for (const QJsonValue &image : images)
        names << image.toObject().value("name"_L1).toString();
    QCOMPARE(names, QStringList({u"code"_s, u"layered"_s, u"small"_s}));
    const QString id = images.at(2).toObject().value("id"_L1).toString();
    QCOMPARE(m_engine.get(u"/images/"_s + id).object(), images.at(2).toObject());
    QCOMPARE(m_engine.get(u"/images/name/small"_s).object(), images.at(2).toObject());
    QCOMPARE(
        m_engine.post(u"/sandboxes"_s, {{u"name"_s, u"x"_s}, {u"image"_s, u"not-a-root"_s}}).status,
        400);
}

void TestEngineImages::sandboxHasTheImagesFiles_data()
{
    QTest::addColumn<QString>("image");
    QTest::newRow("small") << u"small"_s;
    QTest::newRow("layered") << u"layered"_s;
}

void TestEngineImages::sandboxHasTheImagesFiles()
{
    QFETCH(QString, image);
    const QString id = m_engine.createSandbox(u"of-"_s + image, {{u"image"_s, image}});
    QVERIFY2(!id.isEmpty(), m_engine.log().constData());
    QCOMPARE(m_engine.output(id, u"cat /etc/marker; ls /usr/bin/python3 2>/dev/null"_s),
             u"image %1\n"_s.arg(image));
    QCOMPARE(m_engine.output(id,
                             u"echo mine > /etc/marker; rm /usr/bin/touch; echo new > /app/n; "
                             "cat /etc/marker"_s),
             u"mine\n"_s);
    QCOMPARE(m_engine.post(u"/sandboxes/"_s + id + u"/sleep"_s).status, 200);
    QCOMPARE(m_engine.output(id, u"cat /etc/marker /app/n; ls /usr/bin"_s),
             u"mine\nnew\ncat\nls\nrm\nsh\n"_s);
    // The image is as it was, for the next one.
    const QString other = m_engine.createSandbox(u"next-"_s + image, {{u"image"_s, image}});
    QCOMPARE(m_engine.output(other, u"cat /etc/marker; ls /usr/bin/touch"_s),
             u"image %1\n/usr/bin/touch\n"_s.arg(image));
}

void TestEngineImages::missingImageIsSaid()
{
    const QString id = m_engine.createSandbox(u"orphan"_s, {{u"image"_s, u"layered"_s}});
    const QString path = u"/sandboxes/"_s + id;
    QCOMPARE(m_engine.post(path + u"/sleep"_s).status, 200);
    QVERIFY(QDir(m_images.path()).rename(u"layered"_s, u"gone"_s));
    const Answer answer = m_engine.post(path + u"/start"_s);
    QCOMPARE(answer.status, 500);
    QVERIFY2(answer.error().contains(u"image"_s), answer.body.constData());
    QCOMPARE(m_engine.get(path).data().toObject().value("status"_L1).toString(), u"error"_s);
    QVERIFY(QDir(m_images.path()).rename(u"gone"_s, u"layered"_s));
    QCOMPARE(m_engine.post(path + u"/start"_s).status, 200);
    QCOMPARE(m_engine.output(id, u"cat /etc/marker"_s), u"image layered\n"_s);
}

QTEST_GUILESS_MAIN(TestEngineImages)
#include "tst_engineimages.moc"
