//! The known ways from a few permissions to all of an account's: sets of actions that together suffice.
//! Not here: whether a policy grants them (`escalation`).
//!
//! The sets are those that four public lists agree on or add to each other (pathfinding.cloud, Prowler, Cloudsplaining,
//! Parliament), without those that hold another one, unless they pass a role and that one only enters what is there.

/// How a set leads to more permissions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Changes what the principal itself, or one of its choice, may do.
    Grant,
    /// Takes over another principal.
    TakeOver,
    /// Starts a new computation with a role of its choice.
    NewCompute,
    /// Changes or enters a computation that already has a role: as good as the role that it finds.
    ExistingCompute,
}

/// One set of actions, and what it does.
#[derive(Clone, Copy, Debug)]
pub struct Path {
    /// How it works.
    pub way: Way,
    /// All of them are needed.
    pub actions: &'static [&'static str],
    /// The principal of the service that a role is passed to, where one is.
    pub passed_to: &'static [&'static str],
    /// What a holder can do, after "can".
    pub does: &'static str,
    /// The actions that make computations of the kind that it enters: who holds one of them for all of them runs the
    /// kind anyway.
    pub makers: &'static [&'static str],
}

const fn path(way: Way, actions: &'static [&'static str], does: &'static str) -> Path {
    Path { way, actions, passed_to: &[], does, makers: &[] }
}

const fn passed(to: &'static [&'static str], actions: &'static [&'static str], does: &'static str) -> Path {
    Path { passed_to: to, ..path(Way::NewCompute, actions, does) }
}

const fn entered(makers: &'static [&'static str], actions: &'static [&'static str], does: &'static str) -> Path {
    Path { makers, ..path(Way::ExistingCompute, actions, does) }
}

use Way::{Grant, TakeOver};

/// All ways; the first that a policy opens is the one that is told.
pub const PATHS: &[Path] = &[
    path(Grant, &["iam:PutUserPolicy"], "write an inline policy for a user"),
    path(Grant, &["iam:AttachUserPolicy"], "attach any managed policy to a user"),
    path(Grant, &["iam:PutRolePolicy"], "write an inline policy for a role"),
    path(Grant, &["iam:AttachRolePolicy"], "attach any managed policy to a role"),
    path(Grant, &["iam:PutGroupPolicy"], "write an inline policy for a group"),
    path(Grant, &["iam:AttachGroupPolicy"], "attach any managed policy to a group"),
    path(Grant, &["iam:CreatePolicyVersion"], "rewrite a managed policy"),
    path(Grant, &["iam:SetDefaultPolicyVersion"], "put a wider version of a managed policy in force"),
    path(Grant, &["iam:AddUserToGroup"], "join a group with more permissions"),
    path(Grant, &["iam:DeleteUserPermissionsBoundary"], "remove the boundary of a user"),
    path(Grant, &["sso:AttachManagedPolicyToPermissionSet"], "attach any managed policy to a permission set"),
    path(Grant, &["sso:PutInlinePolicyToPermissionSet"], "write the inline policy of a permission set"),
    path(TakeOver, &["iam:CreateAccessKey"], "make an access key for another user"),
    path(TakeOver, &["iam:CreateLoginProfile"], "give another user a password"),
    path(TakeOver, &["iam:UpdateLoginProfile"], "change the password of another user"),
    path(TakeOver, &["iam:UpdateAssumeRolePolicy"], "let itself assume another role"),
    path(TakeOver, &["sts:AssumeRole"], "assume every role that trusts the account"),
    passed(
        &["lambda.amazonaws.com"],
        &["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"],
        "run a new Lambda function with any role",
    ),
    passed(
        &["lambda.amazonaws.com"],
        &["iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping"],
        "run a new Lambda function with any role, set off by events",
    ),
    passed(
        &["lambda.amazonaws.com"],
        &["iam:PassRole", "lambda:CreateFunction", "lambda:AddPermission"],
        "run a new Lambda function with any role, called from outside",
    ),
    passed(&["ec2.amazonaws.com"], &["iam:PassRole", "ec2:RunInstances"], "start an instance with any role"),
    passed(
        &["ec2.amazonaws.com"],
        &["iam:PassRole", "ec2:RequestSpotInstances"],
        "start a spot instance with any role",
    ),
    passed(
        &["ec2.amazonaws.com"],
        &["iam:PassRole", "autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"],
        "start a group of instances with any role",
    ),
    passed(
        &["ec2.amazonaws.com"],
        &["iam:PassRole", "autoscaling:CreateLaunchConfiguration", "autoscaling:UpdateAutoScalingGroup"],
        "give the instances of a group any role",
    ),
    passed(
        &["cloudformation.amazonaws.com"],
        &["iam:PassRole", "cloudformation:CreateStack"],
        "create a stack with any role",
    ),
    passed(
        &["cloudformation.amazonaws.com"],
        &["iam:PassRole", "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"],
        "create a stack set with any role",
    ),
    passed(
        &["cloudformation.amazonaws.com"],
        &["iam:PassRole", "cloudformation:UpdateStackSet"],
        "change a stack set and give it any role",
    ),
    passed(
        &["ecs-tasks.amazonaws.com"],
        &["iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:CreateService"],
        "run a new container service with any role",
    ),
    passed(&["ecs-tasks.amazonaws.com"], &["iam:PassRole", "ecs:RunTask"], "run a container task with any role"),
    passed(&["ecs-tasks.amazonaws.com"], &["iam:PassRole", "ecs:StartTask"], "start a container task with any role"),
    passed(
        &["glue.amazonaws.com"],
        &["iam:PassRole", "glue:CreateDevEndpoint"],
        "open a Glue development endpoint with any role",
    ),
    passed(
        &["glue.amazonaws.com"],
        &["iam:PassRole", "glue:CreateJob", "glue:StartJobRun"],
        "run a new Glue job with any role",
    ),
    passed(
        &["glue.amazonaws.com"],
        &["iam:PassRole", "glue:CreateJob", "glue:CreateTrigger"],
        "have a new Glue job run with any role",
    ),
    passed(
        &["glue.amazonaws.com"],
        &["iam:PassRole", "glue:UpdateJob", "glue:StartJobRun"],
        "change a Glue job, give it any role and run it",
    ),
    passed(
        &["glue.amazonaws.com"],
        &["iam:PassRole", "glue:UpdateJob", "glue:CreateTrigger"],
        "change a Glue job, give it any role and have it run",
    ),
    passed(
        &["glue.amazonaws.com"],
        &["iam:PassRole", "glue:CreateSession", "glue:RunStatement"],
        "run statements in a Glue session with any role",
    ),
    passed(
        &["codebuild.amazonaws.com"],
        &["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild"],
        "run a build with any role",
    ),
    passed(
        &["codebuild.amazonaws.com"],
        &["iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuildBatch"],
        "run a batch of builds with any role",
    ),
    passed(
        &["ecs-tasks.amazonaws.com"],
        &["iam:PassRole", "batch:RegisterJobDefinition", "batch:SubmitJob"],
        "run a batch job's container with any role",
    ),
    passed(
        &["sagemaker.amazonaws.com"],
        &["iam:PassRole", "sagemaker:CreateNotebookInstance"],
        "open a notebook with any role",
    ),
    passed(
        &["sagemaker.amazonaws.com"],
        &["iam:PassRole", "sagemaker:CreateTrainingJob"],
        "run a training job with any role",
    ),
    passed(
        &["sagemaker.amazonaws.com"],
        &["iam:PassRole", "sagemaker:CreateProcessingJob"],
        "run a processing job with any role",
    ),
    passed(
        &["states.amazonaws.com"],
        &["iam:PassRole", "states:CreateStateMachine", "states:StartExecution"],
        "run a state machine with any role",
    ),
    passed(
        &["scheduler.amazonaws.com"],
        &["iam:PassRole", "scheduler:CreateSchedule"],
        "schedule any call with any role",
    ),
    passed(
        &["ssm.amazonaws.com"],
        &["iam:PassRole", "ssm:CreateDocument", "ssm:StartAutomationExecution"],
        "run an automation with any role",
    ),
    passed(
        &["datapipeline.amazonaws.com", "elasticmapreduce.amazonaws.com", "ec2.amazonaws.com"],
        &["iam:PassRole", "datapipeline:CreatePipeline"],
        "run a pipeline with any role",
    ),
    passed(
        &["elasticmapreduce.amazonaws.com", "ec2.amazonaws.com"],
        &["iam:PassRole", "elasticmapreduce:RunJobFlow"],
        "start a cluster with any role",
    ),
    passed(
        &["emr-serverless.amazonaws.com"],
        &["iam:PassRole", "emr-serverless:CreateApplication", "emr-serverless:StartJobRun"],
        "run a serverless EMR job with any role",
    ),
    passed(
        &["apprunner.amazonaws.com", "tasks.apprunner.amazonaws.com"],
        &["iam:PassRole", "apprunner:CreateService"],
        "run a container service with any role",
    ),
    passed(
        &["bedrock-agentcore.amazonaws.com"],
        &[
            "iam:PassRole",
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
            "bedrock-agentcore:InvokeCodeInterpreter",
        ],
        "run code in an interpreter with any role",
    ),
    passed(
        &["bedrock-agentcore.amazonaws.com"],
        &[
            "iam:PassRole",
            "bedrock-agentcore:CreateBrowser",
            "bedrock-agentcore:StartBrowserSession",
            "bedrock-agentcore:ConnectBrowserAutomationStream",
        ],
        "steer a browser with any role",
    ),
    passed(
        &["bedrock-agentcore.amazonaws.com"],
        &[
            "iam:PassRole",
            "bedrock-agentcore:CreateAgentRuntime",
            "bedrock-agentcore:CreateAgentRuntimeEndpoint",
            "bedrock-agentcore:CreateWorkloadIdentity",
            "bedrock-agentcore:InvokeAgentRuntimeCommand",
        ],
        "run commands in an agent's runtime with any role",
    ),
    passed(
        &["braket.amazonaws.com"],
        &["iam:PassRole", "braket:CreateJob"],
        "run a quantum job's container with any role",
    ),
    passed(&["codestar.amazonaws.com"], &["iam:PassRole", "codestar:CreateProject"], "create a project with any role"),
    passed(
        &["cognito-identity.amazonaws.com"],
        &["iam:PassRole", "cognito-identity:SetIdentityPoolRoles"],
        "hand any role out through an identity pool",
    ),
    passed(
        &["ec2.amazonaws.com", "gamelift.amazonaws.com"],
        &["iam:PassRole", "gamelift:CreateBuild", "gamelift:CreateFleet", "gamelift:RequestUploadCredentials"],
        "run a build on a fleet with any role",
    ),
    passed(
        &["imagebuilder.amazonaws.com", "ec2.amazonaws.com"],
        &[
            "iam:PassRole",
            "imagebuilder:CreateComponent",
            "imagebuilder:CreateImage",
            "imagebuilder:CreateImageRecipe",
            "imagebuilder:CreateInfrastructureConfiguration",
        ],
        "build an image on an instance with any role",
    ),
    passed(
        &["kinesisanalytics.amazonaws.com"],
        &["iam:PassRole", "kinesisanalytics:CreateApplication", "kinesisanalytics:StartApplication"],
        "run an analytics application with any role",
    ),
    passed(
        &["omics.amazonaws.com"],
        &["iam:PassRole", "omics:CreateWorkflow", "omics:StartRun", "s3:GetObject"],
        "run a workflow with any role and read what it writes",
    ),
    entered(
        &["cloudformation:CreateStack"],
        &["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"],
        "change a stack that acts with a role",
    ),
    entered(&["cloudformation:CreateStack"], &["cloudformation:UpdateStack"], "change a stack that acts with a role"),
    entered(
        &["lambda:CreateFunction"],
        &["lambda:UpdateFunctionCode"],
        "replace the code of a function and act with its role",
    ),
    entered(
        &["lambda:CreateFunction"],
        &["lambda:UpdateFunctionConfiguration"],
        "add code to a function by a layer and act with its role",
    ),
    entered(
        &["apprunner:CreateService"],
        &["apprunner:UpdateService"],
        "replace the image of a service and act with its role",
    ),
    entered(
        &["codebuild:CreateProject"],
        &["codebuild:StartBuild"],
        "run commands of its own in a build and act with its role",
    ),
    entered(
        &["codebuild:CreateProject"],
        &["codebuild:StartBuildBatch"],
        "run commands of its own in a build and act with its role",
    ),
    entered(
        &["codedeploy:CreateDeploymentGroup"],
        &["codedeploy:CreateDeployment", "codedeploy:GetDeploymentConfig", "codedeploy:RegisterApplicationRevision"],
        "deploy code of its own to instances and act with their role",
    ),
    entered(
        &["ec2:RunInstances"],
        &["ec2-instance-connect:SendSSHPublicKey", "ec2:DescribeInstances"],
        "log in to instances and act with their role",
    ),
    entered(
        &["ec2:CreateLaunchTemplate"],
        &["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"],
        "start instances with start-up code of its own",
    ),
    entered(
        &["ec2:RunInstances"],
        &["ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"],
        "restart an instance with start-up code of its own",
    ),
    entered(
        &["ecs:CreateService", "ecs:RunTask"],
        &["ecs:DescribeTasks", "ecs:ExecuteCommand"],
        "run commands in a container and act with its role",
    ),
    entered(
        &["batch:RegisterJobDefinition"],
        &["batch:SubmitJob"],
        "run a container of its own with the role of a job definition",
    ),
    entered(
        &["bedrock-agentcore:CreateBrowser"],
        &["bedrock-agentcore:StartBrowserSession", "bedrock-agentcore:ConnectBrowserAutomationStream"],
        "steer a browser and act with its role",
    ),
    entered(
        &["bedrock-agentcore:CreateAgentRuntime"],
        &["bedrock-agentcore:InvokeAgentRuntimeCommand"],
        "run commands in an agent's runtime and act with its role",
    ),
    entered(
        &["bedrock-agentcore:CreateCodeInterpreter"],
        &["bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"],
        "run code in an interpreter and act with its role",
    ),
    entered(&["glue:CreateDevEndpoint"], &["glue:UpdateDevEndpoint"], "put a key of its own on a development endpoint"),
    entered(
        &["sagemaker:CreateNotebookInstance"],
        &[
            "sagemaker:CreateNotebookInstanceLifecycleConfig",
            "sagemaker:UpdateNotebookInstance",
            "sagemaker:StopNotebookInstance",
            "sagemaker:StartNotebookInstance",
        ],
        "restart a notebook with start-up code of its own",
    ),
    entered(
        &["sagemaker:CreateNotebookInstance"],
        &["sagemaker:CreatePresignedNotebookInstanceUrl"],
        "open a notebook and act with its role",
    ),
    entered(&["ssm:CreateActivation"], &["ssm:SendCommand"], "run commands on instances and act with their role"),
    entered(&["ssm:CreateActivation"], &["ssm:StartSession"], "open a shell on instances and act with their role"),
    entered(
        &["states:CreateStateMachine"],
        &["states:UpdateStateMachine", "states:StartExecution"],
        "change a state machine and act with its role",
    ),
];
