package cli

import (
	"io"

	"rehearse/internal/check"
	"rehearse/internal/check/buildtimeenv"
	"rehearse/internal/check/casemismatch"
	"rehearse/internal/check/devdependency"
	"rehearse/internal/check/dotenvonly"
	"rehearse/internal/check/duplicateschedule"
	"rehearse/internal/check/ephemeralwrite"
	"rehearse/internal/check/invalidenv"
	"rehearse/internal/check/localstate"
	"rehearse/internal/check/loopbackbind"
	"rehearse/internal/check/loopbackurl"
	"rehearse/internal/check/machinepath"
	"rehearse/internal/check/mismatchedenv"
	"rehearse/internal/check/missingbinary"
	"rehearse/internal/check/missingenv"
	"rehearse/internal/check/missingfile"
	"rehearse/internal/check/missinggrant"
	"rehearse/internal/check/missinglockfile"
	"rehearse/internal/check/placeholderenv"
	"rehearse/internal/check/resourcelimit"
	"rehearse/internal/check/restartunsafe"
	"rehearse/internal/check/runtimeversion"
	"rehearse/internal/check/servicelinkenv"
	"rehearse/internal/check/setupscript"
	"rehearse/internal/check/stalelockfile"
	"rehearse/internal/check/unconsumedqueue"
	"rehearse/internal/check/undeclareddependency"
	"rehearse/internal/check/undefinedvalue"
	"rehearse/internal/check/unlockedinstall"
	"rehearse/internal/check/unmountedvolume"
	"rehearse/internal/check/unreadenv"
	"rehearse/internal/check/unwritablepath"
	"rehearse/internal/experiment"
	"rehearse/internal/experiment/boot"
	"rehearse/internal/experiment/differ"
	"rehearse/internal/infra"
	"rehearse/internal/infra/actions"
	"rehearse/internal/infra/appengine"
	"rehearse/internal/infra/circleci"
	"rehearse/internal/infra/cloudformation"
	"rehearse/internal/infra/cloudfoundry"
	"rehearse/internal/infra/compose"
	"rehearse/internal/infra/dockerfile"
	"rehearse/internal/infra/dotenv"
	"rehearse/internal/infra/ecs"
	"rehearse/internal/infra/fly"
	"rehearse/internal/infra/gcloud"
	"rehearse/internal/infra/gitlab"
	"rehearse/internal/infra/helm"
	"rehearse/internal/infra/heroku"
	"rehearse/internal/infra/kubernetes"
	"rehearse/internal/infra/kustomize"
	"rehearse/internal/infra/railway"
	"rehearse/internal/infra/render"
	"rehearse/internal/infra/serverless"
	"rehearse/internal/infra/supervisor"
	"rehearse/internal/infra/systemd"
	"rehearse/internal/infra/terraform"
	"rehearse/internal/lang"
	"rehearse/internal/lang/csharp"
	"rehearse/internal/lang/golang"
	"rehearse/internal/lang/hocon"
	"rehearse/internal/lang/java"
	"rehearse/internal/lang/javascript"
	"rehearse/internal/lang/kotlin"
	"rehearse/internal/lang/php"
	"rehearse/internal/lang/prisma"
	"rehearse/internal/lang/python"
	"rehearse/internal/lang/ruby"
	"rehearse/internal/lang/rust"
	"rehearse/internal/lang/shell"
	"rehearse/internal/lang/spring"
	"rehearse/internal/lang/template"
	"rehearse/internal/report"
	"rehearse/internal/report/github"
	"rehearse/internal/report/json"
	"rehearse/internal/report/junit"
	"rehearse/internal/report/markdown"
	"rehearse/internal/report/sarif"
	"rehearse/internal/report/text"
)

// Languages returns the readers of source code.
func Languages() []lang.Reader {
	return []lang.Reader{
		csharp.New(), golang.New(), hocon.New(), java.New(), javascript.New(), kotlin.New(), php.New(), prisma.Reader{},
		python.New(), ruby.New(), rust.New(), shell.New(), spring.New(), template.New(),
	}
}

// Formats returns the readers of definitions.
func Formats() []infra.Format {
	return []infra.Format{
		actions.Reader{}, appengine.Reader{}, circleci.Reader{}, cloudformation.Reader{}, cloudfoundry.Reader{}, compose.Reader{},
		dockerfile.Reader{}, dotenv.Reader{}, ecs.Reader{}, fly.Reader{}, gcloud.Reader{}, gitlab.Composer{}, helm.Composer{},
		heroku.Reader{}, kubernetes.Reader{}, kustomize.Composer{}, railway.Reader{}, render.Reader{}, serverless.Composer{},
		supervisor.Reader{}, systemd.Reader{}, terraform.Composer{},
	}
}

// Checks returns the checks, in the order in which they run.
func Checks() []check.Check {
	return []check.Check{
		// the environment
		missingenv.Check{}, mismatchedenv.Check{}, undefinedvalue.Check{}, invalidenv.Check{}, servicelinkenv.Check{}, buildtimeenv.Check{},
		placeholderenv.Check{}, dotenvonly.Check{}, unreadenv.Check{}, missinggrant.Check{}, runtimeversion.Check{}, machinepath.Check{},
		casemismatch.Check{}, setupscript.Check{}, unconsumedqueue.Check{},
		// the network
		loopbackurl.Check{}, loopbackbind.Check{},
		// the container
		ephemeralwrite.Check{}, unmountedvolume.Check{}, unwritablepath.Check{}, missingfile.Check{}, missingbinary.Check{},
		missinglockfile.Check{}, unlockedinstall.Check{}, stalelockfile.Check{}, undeclareddependency.Check{}, devdependency.Check{},
		restartunsafe.Check{}, resourcelimit.Check{},
		// concurrency
		localstate.Check{}, duplicateschedule.Check{},
	}
}

// Experiments returns the experiments, in the order in which they run: what
// comes up is asked.
func Experiments() []experiment.Experiment {
	return []experiment.Experiment{boot.Experiment{}, differ.Experiment{}}
}

// Papers returns the formats of the report, by name.
func Papers() map[string]func(io.Writer, report.Options) report.Writer {
	return map[string]func(io.Writer, report.Options) report.Writer{
		"text": text.New, "json": json.New, "sarif": sarif.New, "github": github.New, "markdown": markdown.New, "junit": junit.New,
	}
}

// Tables returns the formats that have a place for the table of needs.
func Tables() []string { return []string{"json", "markdown", "text"} }
