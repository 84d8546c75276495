// A program without RocksDB that loads a plugin with it, for itself alone:
// `plugin_host PLUGIN PATH`.
#include <dlfcn.h>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  void* plugin = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) return 3;
  const auto use =
      reinterpret_cast<int (*)(const char*)>(dlsym(plugin, "UseDatabase"));
  return use == nullptr ? 4 : use(argv[2]);
}
