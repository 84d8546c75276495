// The functions of RocksDB that are interposed, by the names that the linker
// knows. They are the same in RocksDB 7.8 and 9.10; the last two rows came with
// 9.11. A version that lacks one never calls it.
#ifndef ROCKTUNE_SIDECAR_PRELOAD_SYMBOLS_H_
#define ROCKTUNE_SIDECAR_PRELOAD_SYMBOLS_H_

// Parts that several names share: std::string and its const reference, and a
// reference to descriptors, which repeats what it read before as ITS.
#define ROCKTUNE_STRING "NSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE"
#define ROCKTUNE_PATH "RK" ROCKTUNE_STRING
#define ROCKTUNE_FAMILIES(its) \
  "RKSt6vectorINS_22ColumnFamilyDescriptorESaIS" its "_EE"

// X(Name, number of arguments, symbol): all return a rocksdb::Status, and every
// argument (`this` of a method comes first) fills one register or word.
#define ROCKTUNE_STATUS_FUNCTIONS(X)                                           \
  X(DbOpen, 3, "_ZN7rocksdb2DB4OpenERKNS_7OptionsE" ROCKTUNE_PATH "PPS0_")     \
  X(DbOpenFamilies, 5,                                                         \
    "_ZN7rocksdb2DB4OpenERKNS_9DBOptionsE" ROCKTUNE_PATH ROCKTUNE_FAMILIES(    \
        "D") "PSC_IPNS_18ColumnFamilyHandleESaISJ_EEPPS0_")                    \
  X(TransactionDbOpen, 4,                                                      \
    "_ZN7rocksdb13TransactionDB4OpenERKNS_7OptionsE"                           \
    "RKNS_20TransactionDBOptionsE" ROCKTUNE_PATH "PPS0_")                      \
  X(TransactionDbOpenFamilies, 6,                                              \
    "_ZN7rocksdb13TransactionDB4OpenERKNS_9DBOptionsE"                         \
    "RKNS_20TransactionDBOptionsE" ROCKTUNE_PATH ROCKTUNE_FAMILIES(            \
        "G") "PSF_IPNS_18ColumnFamilyHandleESaISM_EEPPS0_")                    \
  X(OptimisticDbOpen, 3,                                                       \
    "_ZN7rocksdb23OptimisticTransactionDB4OpenERKNS_7OptionsE" ROCKTUNE_PATH   \
    "PPS0_")                                                                   \
  X(OptimisticDbOpenFamilies, 5,                                               \
    "_ZN7rocksdb23OptimisticTransactionDB4OpenERKNS_9DBOptionsE" ROCKTUNE_PATH \
        ROCKTUNE_FAMILIES("D") "PSC_IPNS_18ColumnFamilyHandleESaISJ_EEPPS0_")  \
  X(OptimisticDbOpenFamiliesWith, 6,                                           \
    "_ZN7rocksdb23OptimisticTransactionDB4OpenERKNS_9DBOptionsE"               \
    "RKNS_30OptimisticTransactionDBOptionsE" ROCKTUNE_PATH ROCKTUNE_FAMILIES(  \
        "G") "PSF_IPNS_18ColumnFamilyHandleESaISM_EEPPS0_")                    \
  X(CreateFamily, 4,                                                           \
    "_ZN7rocksdb6DBImpl18CreateColumnFamilyERKNS_"                             \
    "19ColumnFamilyOptionsE" ROCKTUNE_PATH "PPNS_18ColumnFamilyHandleE")       \
  X(CreateFamilies, 4,                                                         \
    "_ZN7rocksdb6DBImpl20CreateColumnFamiliesERKNS_19ColumnFamilyOptionsE"     \
    "RKSt6vectorI" ROCKTUNE_STRING                                             \
    "SaISA_EE"                                                                 \
    "PS4_IPNS_18ColumnFamilyHandleESaISG_EE")                                  \
  X(CreateDescribedFamilies, 3,                                                \
    "_ZN7rocksdb6DBImpl20CreateColumnFamiliesE" ROCKTUNE_FAMILIES(             \
        "2") "PS1_IPNS_18ColumnFamilyHandleESaIS8_EE")                         \
  X(Close, 1, "_ZN7rocksdb6DBImpl5CloseEv")                                    \
  X(DbOpenUnique, 3,                                                           \
    "_ZN7rocksdb2DB4OpenERKNS_7OptionsE" ROCKTUNE_PATH                         \
    "PSt10unique_ptrIS0_St14default_deleteIS0_EE")                             \
  X(DbOpenFamiliesUnique, 5,                                                  \
    "_ZN7rocksdb2DB4OpenERKNS_9DBOptionsE" ROCKTUNE_PATH ROCKTUNE_FAMILIES(   \
        "D") "PSC_IPNS_18ColumnFamilyHandleESaISJ_EEPSt10unique_ptrIS0_"      \
             "St14default_deleteIS0_EE")

// X(Name, 1, symbol): these return nothing. Of the destructors of a database
// the complete and the deleting one; the third is for what derives from it,
// which are the read-only kinds.
#define ROCKTUNE_VOID_FUNCTIONS(X)        \
  X(Destroy, 1, "_ZN7rocksdb6DBImplD1Ev") \
  X(Delete, 1, "_ZN7rocksdb6DBImplD0Ev")

#endif  // ROCKTUNE_SIDECAR_PRELOAD_SYMBOLS_H_
