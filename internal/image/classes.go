package image

import (
	"slices"
	"strings"
)

// classes are programs that need no more than to be told apart.
var classes = map[string]string{
	// They change no file that could be asked for, or only what a file says.
	"reader": `: [ [[ true false test echo printf set unset shift exit return trap ulimit umask wait read sleep pwd type hash alias shopt
		command-not-found getopts times jobs bg fg let
		ls cat head tail grep egrep fgrep rgrep awk gawk mawk cut sort uniq wc tr nl tac rev diff cmp comm paste join expr seq bc dc
		which whereis whoami id groups uname hostname date uptime df du free ps env-vars printenv locale getconf getent stat file
		readlink realpath dirname basename test md5sum sha1sum sha256sum sha512sum sha224sum sha384sum b2sum cksum sum base64 base32 od xxd
		hexdump strings jq yq envsubst column fold fmt tty nproc arch dmesg lsblk mount umount sync kill pkill killall pgrep chown chmod
		chgrp chattr setcap getcap setfacl chsh chage usermod groupadd addgroup groupmod groupdel delgroup gpasswd passwd chpasswd
		update-ca-certificates update-ca-trust ldconfig locale-gen update-locale dpkg-reconfigure debconf-set-selections update-alternatives
		alternatives apt-key apt-mark apt-cache apt-config apt-file gpg gpg2 gpgv gpgconf fc-cache fc-list a2enmod a2dismod a2ensite a2dissite
		a2enconf a2disconf service systemctl strip ldd nm objdump size readelf chcon restorecon sysctl modprobe ping nc nslookup dig host
		ssh-keyscan yes time-stamp less more clear tput dpkg-query dpkg-architecture mktemp shasum md5 sha512 phpenmod phpdismod
		docker-php-ext-enable docker-php-ext-configure docker-php-ext-install docker-php-ext-install-pecl install-php-extensions
		pecl pear phpize php-config lsb_release mandb mysqladmin redis-cli pg_isready psql mysql crontab crond getopt logger
		hostnamectl keytool timedatectl tzselect`,
	// They write below the project's folder.
	"tool": `tsc vite webpack webpack-cli rollup esbuild next nuxt nuxi ng react-scripts vue-cli-service parcel gatsby astro svelte-kit remix
		swc babel turbo nx lerna prisma gulp grunt nest vue-tsc tsup tsdown rspack rsbuild craco quasar ember expo ionic cap ncc
		eslint jest vitest mocha prettier stylelint tailwindcss postcss sass node-sass lessc copyfiles cpx cpy ncp shx concurrently run-s run-p
		npm-run-all patch-package husky lefthook simple-git-hooks ngcc graphql-codegen orval openapi-generator-cli
		strapi medusa hugo jekyll mkdocs sphinx-build zola eleventy hexo docusaurus vuepress storybook build-storybook
		mvn mvnw ./mvnw gradle gradlew ./gradlew sbt lein bazel dotnet msbuild nuget protoc buf sqlc templ flutter dart mix rebar3
		hatch flit twine maturin cmake meson autoconf automake autoreconf configure ./configure bison flex gcc g++ cc clang
		ld ar patch msgfmt pybabel minify uglifyjs terser cleancss svgo size-limit wasm-pack trunk zip 7z`,
	// They run the project's own code, which may write anywhere; they do not
	// bring what distributions package.
	"code": `python python3 python2 node nodejs deno ruby php java rake rails make gmake just task mage ant ninja django-admin flask alembic ts-node tsx
		artisan ./manage.py manage.py ./artisan bin/rails ./bin/rails bin/console erl elixir lua Rscript R julia perl tclsh scons waf
		celery gunicorn uvicorn babel-node nodemon sequelize knex typeorm drizzle-kit`,
	// What stands behind their options is the command.
	"wrapper": `sudo exec command builtin time nice ionice nohup env stdbuf setsid eatmydata gosu su-exec chronic retry timeout unbuffer
		cross-env cross-env-shell dotenv dumb-init tini catchsegv linux32 linux64 doas chpst with-contenv`,
}

// reads reports whether a program only reads.
func reads(name string) bool { return slices.Contains(strings.Fields(classes["reader"]), name) }

var ofClass = map[string]command{"reader": readOnly, "tool": tool, "code": interpret, "wrapper": wrapped}

func readOnly(*shell, []word) {}
