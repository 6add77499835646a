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
	"rehearse/internal/infra/compose"
	"rehearse/internal/infra/dockerfile"
	"rehearse/internal/infra/dotenv"
	"rehearse/internal/infra/ecs"
	"rehearse/internal/infra/fly"
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
	return []lang.Reader{csharp.New(), golang.New(), java.New(), javascript.New(), python.New(), spring.New(), hocon.New(), kotlin.New(), ruby.New(), php.New(), template.New(), rust.New(), shell.New(), prisma.Reader{}}
}

// Formats returns the readers of definitions.
func Formats() []infra.Format {
	return []infra.Format{
		actions.Reader{}, appengine.Reader{}, circleci.Reader{}, cloudformation.Reader{}, compose.Reader{},
		dockerfile.Reader{}, dotenv.Reader{}, ecs.Reader{}, fly.Reader{}, gitlab.Composer{}, helm.Composer{},
		heroku.Reader{}, kubernetes.Reader{}, kustomize.Composer{}, railway.Reader{}, render.Reader{}, serverless.Composer{},
		supervisor.Reader{}, systemd.Reader{}, terraform.Composer{},
	}
}

// Checks returns the checks, in the order in which they run.
func Checks() []check.Check {
	return []check.Check{
		missingenv.Check{}, mismatchedenv.Check{}, dotenvonly.Check{}, placeholderenv.Check{},
		loopbackurl.Check{}, loopbackbind.Check{},
		invalidenv.Check{}, undefinedvalue.Check{},
		localstate.Check{}, duplicateschedule.Check{}, ephemeralwrite.Check{}, unmountedvolume.Check{}, unconsumedqueue.Check{},
		unlockedinstall.Check{}, missinglockfile.Check{}, stalelockfile.Check{}, undeclareddependency.Check{}, devdependency.Check{}, runtimeversion.Check{},
		buildtimeenv.Check{},
		servicelinkenv.Check{},
		restartunsafe.Check{},
		casemismatch.Check{},
		machinepath.Check{},
		setupscript.Check{},
		missingbinary.Check{},
		missingfile.Check{},
		missinggrant.Check{},
		unreadenv.Check{},
		unwritablepath.Check{},
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
