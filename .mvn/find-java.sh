# shellcheck shell=sh
# Finds a Java for ./mvnw and ./hark. To be sourced by any POSIX shell: bash 3.2 and macOS included, no GNU-only tools.
#
#   find_java jdk     one that can compile
#   find_java jre     one that can run
#
# sets hark_java to its home. That is JAVA_HOME if it is 21 or newer, else the newest of 21 to 25 in PATH and in the
# usual folders, else the oldest of the newer ones, with a note. Returns 2, with a message, where there is none.
# HARK_JAVA_DIRS, a list like PATH, replaces the usual folders.

hark_java_oldest=21
hark_java_newest=25

# The folders whose children are installed Javas, one a line.
hark_java_dirs() {
  if [ -n "${HARK_JAVA_DIRS+set}" ]; then
    printf '%s\n' "$HARK_JAVA_DIRS" | tr ':' '\n'
    return
  fi
  printf '%s\n' /usr/lib/jvm /usr/lib64/jvm /usr/java /opt /usr/local/opt /opt/homebrew/opt \
    /home/linuxbrew/.linuxbrew/opt /Library/Java/JavaVirtualMachines
  if [ -n "${HOME-}" ]; then
    printf '%s\n' "$HOME/.sdkman/candidates/java" "$HOME/.jdks" "$HOME/Library/Java/JavaVirtualMachines" \
      "$HOME/.jenv/versions" "$HOME/.asdf/installs/java" "$HOME/.local/share/mise/installs/java"
  fi
}

# Follows the symbolic links of a file to the Java home that it stands in: <home>/bin/java.
hark_home_of() {
  hark_file=$1
  while [ -L "$hark_file" ]; do
    hark_link=$(readlink "$hark_file") || return 1
    case $hark_link in
      /*) hark_file=$hark_link ;;
      *) hark_file=${hark_file%/*}/$hark_link ;;
    esac
  done
  (cd "${hark_file%/*}/.." 2>/dev/null && pwd -P)
}

# Every place where a Java may be, one a line; the order decides between equals.
hark_java_homes() (
  set -f
  IFS=:
  for hark_dir in $PATH; do
    [ -x "$hark_dir/java" ] || continue
    # The one of macOS is a stub that asks to install something; what is installed stands in the folders.
    [ "$hark_dir" != /usr/bin ] || [ ! -x /usr/libexec/java_home ] || continue
    hark_home_of "$hark_dir/java"
  done
  set +f
  hark_java_dirs | while IFS= read -r hark_dir; do
    for hark_home in "$hark_dir"/* "$hark_dir"/*/Contents/Home "$hark_dir"/*/libexec \
      "$hark_dir"/*/libexec/openjdk.jdk/Contents/Home; do
      [ ! -x "$hark_home/bin/java" ] || printf '%s\n' "$hark_home"
    done
  done
)

# Prints the feature version (8, 17, 25) of the Java in a folder: from its release file, else by asking it.
hark_java_version() {
  hark_version=
  if [ -r "$1/release" ]; then
    hark_version=$(sed -n 's/^JAVA_VERSION="\{0,1\}\([^"]*\).*/\1/p' "$1/release")
  fi
  if [ -z "$hark_version" ]; then
    hark_version=$("$1/bin/java" -version 2>&1 </dev/null | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  fi
  hark_version=${hark_version#1.}
  hark_version=${hark_version%%[!0-9]*}
  printf '%s\n' "${hark_version:-0}"
}

# Whether the folder holds what was asked for: hark_java_fits <home> <jdk|jre>
hark_java_fits() {
  [ -x "$1/bin/java" ] && { [ "$2" = jre ] || [ -x "$1/bin/javac" ]; }
}

hark_java_name() {
  case $1 in
    jdk) echo "JDK (a Java that can compile)" ;;
    *) echo "Java" ;;
  esac
}

# shellcheck disable=SC2034 # hark_java is for those who source this.
find_java() {
  if [ -n "${JAVA_HOME-}" ] && hark_java_fits "$JAVA_HOME" "$1" &&
    [ "$(hark_java_version "$JAVA_HOME")" -ge "$hark_java_oldest" ]; then
    hark_java=$JAVA_HOME
    return 0
  fi

  hark_best='' hark_best_version=0 hark_newer='' hark_newer_version=999999
  while IFS= read -r hark_home; do
    hark_java_fits "$hark_home" "$1" || continue
    hark_found=$(hark_java_version "$hark_home")
    if [ "$hark_found" -gt "$hark_java_newest" ]; then
      [ "$hark_found" -ge "$hark_newer_version" ] || hark_newer=$hark_home hark_newer_version=$hark_found
    elif [ "$hark_found" -ge "$hark_java_oldest" ]; then
      [ "$hark_found" -le "$hark_best_version" ] || hark_best=$hark_home hark_best_version=$hark_found
    fi
  done <<EOF
$(hark_java_homes)
EOF

  if [ -n "$hark_best" ]; then
    hark_java=$hark_best
  elif [ -n "$hark_newer" ]; then
    echo "hark: using Java $hark_newer_version in $hark_newer; tested are" \
      "$hark_java_oldest to $hark_java_newest" >&2
    hark_java=$hark_newer
  else
    echo "hark: found no $(hark_java_name "$1") of version $hark_java_oldest or newer. Install one, such as Temurin" \
      "$hark_java_newest from https://adoptium.net, or point JAVA_HOME to it." >&2
    return 2
  fi
}
