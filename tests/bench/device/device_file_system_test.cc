// The file system, file by file.
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "rocksdb/file_system.h"
#include "tests/bench/device/device_fixture.h"
#include "tests/support/temp_dir.h"

namespace rocktune {
namespace {

using rocksdb::FileOptions;
using rocksdb::IOOptions;
using rocksdb::Slice;

constexpr size_t kPage = 4096;

// A device whose times are exact, so that a test can name the lower bounds.
DeviceProfile Exact() {
  DeviceProfile profile;
  profile.name = "exact";
  profile.read_us_p50 = 2'000;
  profile.write_us_p50 = 3'000;
  profile.fsync_us_p50 = 5'000;
  profile.total_bytes_per_s = 1e9;
  profile.queue_depth = 16;
  return profile;
}

FileOptions Direct() {
  FileOptions options;
  options.use_direct_reads = options.use_direct_writes = true;
  return options;
}

void WriteFile(const std::string& path, size_t bytes) {
  const auto base = rocksdb::FileSystem::Default();
  ASSERT_TRUE(
      WriteStringToFile(base.get(), std::string(bytes, 'x'), path).ok());
}

TEST(DeviceFileSystem, EndsNoReadBeforeTheModelSays) {
  const TempDir dir;
  const Device device(Exact());
  WriteFile(dir / "f", 64 * kPage);
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  ASSERT_TRUE(
      device->NewRandomAccessFile(dir / "f", Direct(), &file, nullptr).ok());
  EXPECT_TRUE(file->use_direct_io());
  EXPECT_EQ(file->GetRequiredBufferAlignment() % 512, 0u);
  std::string scratch(2 * kPage, 0);
  Slice result;
  const absl::Duration took = Took([&] {
    for (uint64_t i = 0; i < 5; ++i) {
      ASSERT_TRUE(file->Read(i * 2 * kPage, kPage, IOOptions(), &result,
                             scratch.data(), nullptr)
                      .ok());
      EXPECT_EQ(result, std::string(kPage, 'x'));
    }
  });
  EXPECT_GE(took, 5 * absl::Microseconds(2'000));
  // At the end of the file nothing is read, and nothing waited for.
  ASSERT_TRUE(file->Read(64 * kPage, kPage, IOOptions(), &result,
                         scratch.data(), nullptr)
                  .ok());
  EXPECT_EQ(device.Counters().reads, 5u);
  EXPECT_EQ(device.Counters().read_bytes, 5 * kPage);
  EXPECT_GE(device.Counters().busy, absl::Milliseconds(10));
}

TEST(DeviceFileSystem, SubmitsTheRequestsOfAMultiReadTogether) {
  const TempDir dir;
  DeviceProfile profile = Exact();
  profile.queue_depth = 4;
  const Device device(profile);
  WriteFile(dir / "f", 64 * kPage);
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  ASSERT_TRUE(
      device->NewRandomAccessFile(dir / "f", Direct(), &file, nullptr).ok());
  std::string scratch(8 * kPage, 0);
  std::vector<rocksdb::FSReadRequest> requests(8);
  for (size_t i = 0; i < requests.size(); ++i) {
    requests[i].offset = i * 4 * kPage;
    requests[i].len = kPage;
    requests[i].scratch = &scratch[i * kPage];
  }
  const absl::Duration took = Took([&] {
    ASSERT_TRUE(
        file->MultiRead(requests.data(), requests.size(), IOOptions(), nullptr)
            .ok());
  });
  // Two rounds of four.
  EXPECT_GE(took, 2 * absl::Microseconds(2'000));
  EXPECT_EQ(device.Counters().reads, 8u);
  // All were submitted at one moment: four waited one round, four waited two.
  EXPECT_NEAR(absl::ToDoubleMicroseconds(device.Counters().busy), 12 * 2'000,
              1);
  for (const rocksdb::FSReadRequest& request : requests) {
    EXPECT_EQ(request.result, std::string(kPage, 'x'));
  }
}

TEST(DeviceFileSystem, LetsBufferedWritesCostNothingUntilTheyAreSynced) {
  const TempDir dir;
  const Device device(Exact());
  std::unique_ptr<rocksdb::FSWritableFile> file;
  ASSERT_TRUE(
      device->NewWritableFile(dir / "f", FileOptions(), &file, nullptr).ok());
  EXPECT_FALSE(file->use_direct_io());
  ASSERT_TRUE(
      file->Append(std::string(3'000'000, 'a'), IOOptions(), nullptr).ok());
  ASSERT_TRUE(file->Flush(IOOptions(), nullptr).ok());
  EXPECT_EQ(device.Counters().writes, 0u);

  // A range is started, not waited for; the dirty rest is not in it.
  ASSERT_TRUE(file->RangeSync(0, 1 << 20, IOOptions(), nullptr).ok());
  EXPECT_EQ(device.Counters().write_bytes, uint64_t{1} << 20);
  const absl::Duration took =
      Took([&] { ASSERT_TRUE(file->Sync(IOOptions(), nullptr).ok()); });
  EXPECT_GE(took, absl::Microseconds(3'000 + 5'000));
  EXPECT_EQ(device.Counters().write_bytes, 3'000'000u);
  EXPECT_EQ(device.Counters().writes, 3u);  // pieces of 1 MiB
  EXPECT_EQ(device.Counters().syncs, 1u);

  // Nothing dirty: a sync alone.
  ASSERT_TRUE(file->Fsync(IOOptions(), nullptr).ok());
  EXPECT_EQ(device.Counters().writes, 3u);
  EXPECT_EQ(device.Counters().syncs, 2u);

  // What is cut off again is never written.
  ASSERT_TRUE(file->Append(std::string(1'000, 'a'), IOOptions(), nullptr).ok());
  ASSERT_TRUE(file->Truncate(3'000'400, IOOptions(), nullptr).ok());
  ASSERT_TRUE(file->Sync(IOOptions(), nullptr).ok());
  EXPECT_EQ(device.Counters().write_bytes, 3'000'400u);
  ASSERT_TRUE(file->Close(IOOptions(), nullptr).ok());
}

TEST(DeviceFileSystem, WritesDirectlyAtOnceAndAtTheRightPlace) {
  const TempDir dir;
  const Device device(Exact());
  std::unique_ptr<rocksdb::FSWritableFile> file;
  ASSERT_TRUE(
      device->NewWritableFile(dir / "f", Direct(), &file, nullptr).ok());
  EXPECT_TRUE(file->use_direct_io());
  const absl::Duration took = Took([&] {
    // As RocksDB does: the last page is written again once it is fuller.
    ASSERT_TRUE(file->PositionedAppend(std::string(2 * kPage, 'a'), 0,
                                       IOOptions(), nullptr)
                    .ok());
    ASSERT_TRUE(file->PositionedAppend(std::string(kPage, 'b'), kPage,
                                       IOOptions(), nullptr)
                    .ok());
  });
  EXPECT_GE(took, 2 * absl::Microseconds(3'000));
  ASSERT_TRUE(file->Truncate(kPage + 10, IOOptions(), nullptr).ok());
  ASSERT_TRUE(file->Sync(IOOptions(), nullptr).ok());
  ASSERT_TRUE(file->Close(IOOptions(), nullptr).ok());
  EXPECT_EQ(device.Counters().writes, 2u);
  EXPECT_EQ(device.Counters().write_bytes, 3 * kPage);
  std::string data;
  ASSERT_TRUE(ReadFileToString(device.fs().get(), dir / "f", &data).ok());
  EXPECT_EQ(data, std::string(kPage, 'a') + std::string(10, 'b'));
}

TEST(DeviceFileSystem, MovesTheHeadBetweenTwoFilesOfADisk) {
  const TempDir dir;
  DeviceProfile disk = Exact();
  disk.positions = true;
  disk.queue_depth = 1;
  const Device device(disk);
  WriteFile(dir / "a", 8 * kPage);
  WriteFile(dir / "b", 8 * kPage);
  std::unique_ptr<rocksdb::FSSequentialFile> a, b;
  ASSERT_TRUE(device->NewSequentialFile(dir / "a", Direct(), &a, nullptr).ok());
  ASSERT_TRUE(
      device->NewSequentialFile(dir / "b", FileOptions(), &b, nullptr).ok());
  std::string scratch(kPage, 0);
  const auto read = [&](rocksdb::FSSequentialFile* file) {
    Slice result;
    const absl::Duration before = device.Counters().busy;
    EXPECT_TRUE(
        file->Read(kPage, IOOptions(), &result, scratch.data(), nullptr).ok());
    EXPECT_EQ(result.size(), kPage);
    return device.Counters().busy - before;
  };
  const absl::Duration positioning = absl::Microseconds(2'000);
  EXPECT_GE(read(a.get()), positioning);
  EXPECT_LT(read(a.get()), positioning);
  EXPECT_GE(read(b.get()), positioning);
  EXPECT_LT(read(b.get()), positioning);
  EXPECT_GE(read(a.get()), positioning);
  ASSERT_TRUE(a->Skip(kPage).ok());
  EXPECT_GE(read(a.get()), positioning);
}

TEST(DeviceFileSystem, WritesAndReadsAFileInPlace) {
  const TempDir dir;
  const Device device(Exact());
  WriteFile(dir / "f", 4 * kPage);
  std::unique_ptr<rocksdb::FSRandomRWFile> file;
  ASSERT_TRUE(
      device->NewRandomRWFile(dir / "f", FileOptions(), &file, nullptr).ok());
  const absl::Duration took = Took([&] {
    ASSERT_TRUE(file->Write(10, "hello", IOOptions(), nullptr).ok());
    ASSERT_TRUE(file->Fsync(IOOptions(), nullptr).ok());
    char scratch[5];
    Slice result;
    ASSERT_TRUE(file->Read(10, 5, IOOptions(), &result, scratch, nullptr).ok());
    EXPECT_EQ(result, "hello");
  });
  EXPECT_GE(took, absl::Microseconds(3'000 + 5'000 + 2'000));
  const DeviceCounters counters = device.Counters();
  EXPECT_EQ(counters.reads + counters.writes + counters.syncs, 3u);
  std::unique_ptr<rocksdb::FSDirectory> directory;
  ASSERT_TRUE(
      device->NewDirectory(dir.path(), IOOptions(), &directory, nullptr).ok());
  ASSERT_TRUE(directory->Fsync(IOOptions(), nullptr).ok());
  ASSERT_TRUE(directory
                  ->FsyncWithDirOptions(IOOptions(), nullptr,
                                        rocksdb::DirFsyncOptions("f"))
                  .ok());
  EXPECT_EQ(device.Counters().syncs, 3u);
}

TEST(DeviceFileSystem, AppendsToAFileThatWasThere) {
  const TempDir dir;
  const Device device(Exact());
  WriteFile(dir / "f", 10);
  std::unique_ptr<rocksdb::FSWritableFile> file;
  ASSERT_TRUE(
      device->ReopenWritableFile(dir / "f", Direct(), &file, nullptr).ok());
  EXPECT_FALSE(file->use_direct_io());
  ASSERT_TRUE(file->Append("more", IOOptions(), nullptr).ok());
  ASSERT_TRUE(file->Sync(IOOptions(), nullptr).ok());
  ASSERT_TRUE(file->Close(IOOptions(), nullptr).ok());
  EXPECT_EQ(device.Counters().write_bytes, 4u);  // not what was there
  std::string data;
  ASSERT_TRUE(ReadFileToString(device.fs().get(), dir / "f", &data).ok());
  EXPECT_EQ(data, "xxxxxxxxxxmore");
}

TEST(DeviceFileSystem, PassesErrorsOnAndCountsNothing) {
  const TempDir dir;
  const Device device(Exact());
  std::unique_ptr<rocksdb::FSRandomAccessFile> read;
  EXPECT_FALSE(
      device->NewRandomAccessFile(dir / "no", Direct(), &read, nullptr).ok());
  std::unique_ptr<rocksdb::FSWritableFile> written;
  EXPECT_FALSE(
      device->NewWritableFile(dir / "no/f", Direct(), &written, nullptr).ok());
  EXPECT_EQ(device.Counters().reads + device.Counters().writes, 0u);
}

TEST(DeviceWait, IsNeverShort) {
  for (int us = 0; us < 300; us += 3) {
    const absl::Time moment = MonotonicNow() + absl::Microseconds(us);
    WaitUntil(moment);
    EXPECT_GE(MonotonicNow(), moment);
  }
}

}  // namespace
}  // namespace rocktune
