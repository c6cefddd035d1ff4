-- The published tables as an existing site has them (contract python.md §1, verify_student.md §1), written by hand.
-- {serial}, {datetime}, {boolean}, {binary}, {text} and {user} differ from database to database.

CREATE TABLE proctoring_proctoredexam (
    {serial}, created {datetime} NOT NULL, modified {datetime} NOT NULL,
    course_id varchar(255) NOT NULL, content_id varchar(255) NOT NULL, external_id varchar(255) NULL,
    exam_name {text} NOT NULL, time_limit_mins integer NOT NULL, due_date {datetime} NULL,
    is_proctored {boolean} NOT NULL, is_practice_exam {boolean} NOT NULL, is_active {boolean} NOT NULL,
    hide_after_due {boolean} NOT NULL, backend varchar(255) NULL,
    CONSTRAINT proctoring_proctoredexam_course_content_uniq UNIQUE (course_id, content_id));
CREATE INDEX proctoredexam_course ON proctoring_proctoredexam (course_id);
CREATE INDEX proctoredexam_content ON proctoring_proctoredexam (content_id);
CREATE INDEX proctoredexam_external ON proctoring_proctoredexam (external_id);

CREATE TABLE proctoring_proctoredexamhistory (
    {history_serial}, id integer NOT NULL, created {datetime} NOT NULL, modified {datetime} NOT NULL,
    course_id varchar(255) NOT NULL, content_id varchar(255) NOT NULL, external_id varchar(255) NULL,
    exam_name {text} NOT NULL, time_limit_mins integer NOT NULL, due_date {datetime} NULL,
    is_proctored {boolean} NOT NULL, is_practice_exam {boolean} NOT NULL, is_active {boolean} NOT NULL,
    hide_after_due {boolean} NOT NULL, backend varchar(255) NULL,
    history_date {datetime} NOT NULL, history_change_reason varchar(100) NULL, history_type varchar(1) NOT NULL,
    history_user_id {user} NULL REFERENCES auth_user (id));
CREATE INDEX proctoredexamhistory_id ON proctoring_proctoredexamhistory (id);

CREATE TABLE proctoring_proctoredexamreviewpolicy (
    {serial}, created {datetime} NOT NULL, modified {datetime} NOT NULL, review_policy {text} NOT NULL,
    proctored_exam_id integer NOT NULL REFERENCES proctoring_proctoredexam (id),
    set_by_user_id {user} NOT NULL REFERENCES auth_user (id));
CREATE INDEX reviewpolicy_exam ON proctoring_proctoredexamreviewpolicy (proctored_exam_id);

CREATE TABLE proctoring_proctoredexamreviewpolicyhistory (
    {serial}, created {datetime} NOT NULL, modified {datetime} NOT NULL, original_id integer NOT NULL,
    review_policy {text} NOT NULL,
    proctored_exam_id integer NOT NULL REFERENCES proctoring_proctoredexam (id),
    set_by_user_id {user} NOT NULL REFERENCES auth_user (id));
CREATE INDEX reviewpolicyhistory_original ON proctoring_proctoredexamreviewpolicyhistory (original_id);

CREATE TABLE proctoring_proctoredexamstudentattempt (
    {serial}, created {datetime} NOT NULL, modified {datetime} NOT NULL,
    started_at {datetime} NULL, completed_at {datetime} NULL, attempt_code varchar(255) NULL,
    external_id varchar(255) NULL, allowed_time_limit_mins integer NULL, status varchar(64) NOT NULL,
    taking_as_proctored {boolean} NOT NULL, is_sample_attempt {boolean} NOT NULL, review_policy_id integer NULL,
    is_status_acknowledged {boolean} NOT NULL, time_remaining_seconds integer NULL, is_resumable {boolean} NOT NULL,
    ready_to_resume {boolean} NOT NULL, resumed {boolean} NOT NULL,
    proctored_exam_id integer NOT NULL REFERENCES proctoring_proctoredexam (id),
    user_id {user} NOT NULL REFERENCES auth_user (id));
CREATE INDEX studentattempt_exam ON proctoring_proctoredexamstudentattempt (proctored_exam_id);
CREATE INDEX studentattempt_user ON proctoring_proctoredexamstudentattempt (user_id);
CREATE INDEX studentattempt_code ON proctoring_proctoredexamstudentattempt (attempt_code);
CREATE INDEX studentattempt_external ON proctoring_proctoredexamstudentattempt (external_id);

CREATE TABLE proctoring_proctoredexamstudentattempt_history (
    {history_serial}, id integer NOT NULL, created {datetime} NOT NULL, modified {datetime} NOT NULL,
    started_at {datetime} NULL, completed_at {datetime} NULL, attempt_code varchar(255) NULL,
    external_id varchar(255) NULL, allowed_time_limit_mins integer NULL, status varchar(64) NOT NULL,
    taking_as_proctored {boolean} NOT NULL, is_sample_attempt {boolean} NOT NULL, review_policy_id integer NULL,
    is_status_acknowledged {boolean} NOT NULL, time_remaining_seconds integer NULL, is_resumable {boolean} NOT NULL,
    ready_to_resume {boolean} NOT NULL, resumed {boolean} NOT NULL,
    proctored_exam_id integer NULL, user_id {user} NULL,
    history_date {datetime} NOT NULL, history_change_reason varchar(100) NULL, history_type varchar(1) NOT NULL,
    history_user_id {user} NULL REFERENCES auth_user (id));
CREATE INDEX studentattempthistory_id ON proctoring_proctoredexamstudentattempt_history (id);
CREATE INDEX studentattempthistory_code ON proctoring_proctoredexamstudentattempt_history (attempt_code);

CREATE TABLE proctoring_proctoredexamstudentallowance (
    {serial}, created {datetime} NOT NULL, modified {datetime} NOT NULL,
    {key} varchar(255) NOT NULL, value varchar(255) NOT NULL,
    proctored_exam_id integer NOT NULL REFERENCES proctoring_proctoredexam (id),
    user_id {user} NOT NULL REFERENCES auth_user (id),
    CONSTRAINT studentallowance_once UNIQUE (user_id, proctored_exam_id, {key}));

CREATE TABLE proctoring_proctoredexamstudentallowancehistory (
    {serial}, created {datetime} NOT NULL, modified {datetime} NOT NULL, allowance_id integer NOT NULL,
    {key} varchar(255) NOT NULL, value varchar(255) NOT NULL,
    proctored_exam_id integer NOT NULL REFERENCES proctoring_proctoredexam (id),
    user_id {user} NOT NULL REFERENCES auth_user (id));

CREATE TABLE proctoring_proctoredexamsoftwaresecurereview (
    {serial}, created {datetime} NOT NULL, modified {datetime} NOT NULL,
    attempt_code varchar(255) NOT NULL UNIQUE, is_attempt_active {boolean} NOT NULL, review_status varchar(255) NOT NULL,
    raw_data {text} NOT NULL, encrypted_video_url {binary} NULL,
    exam_id integer NULL REFERENCES proctoring_proctoredexam (id),
    reviewed_by_id {user} NULL REFERENCES auth_user (id), student_id {user} NULL REFERENCES auth_user (id));

CREATE TABLE proctoring_proctoredexamsoftwaresecurereviewhistory (
    {serial}, created {datetime} NOT NULL, modified {datetime} NOT NULL,
    attempt_code varchar(255) NOT NULL, is_attempt_active {boolean} NOT NULL, review_status varchar(255) NOT NULL,
    raw_data {text} NOT NULL, encrypted_video_url {binary} NULL,
    exam_id integer NULL REFERENCES proctoring_proctoredexam (id),
    reviewed_by_id {user} NULL REFERENCES auth_user (id), student_id {user} NULL REFERENCES auth_user (id));
CREATE INDEX reviewhistory_code ON proctoring_proctoredexamsoftwaresecurereviewhistory (attempt_code);

CREATE TABLE proctoring_proctoredexamstudentattemptcomment (
    {serial}, created {datetime} NOT NULL, modified {datetime} NOT NULL,
    start_time integer NOT NULL, stop_time integer NOT NULL, duration integer NOT NULL, comment {text} NOT NULL,
    status varchar(255) NOT NULL,
    review_id integer NOT NULL REFERENCES proctoring_proctoredexamsoftwaresecurereview (id));

CREATE TABLE verify_student_manualverification (
    {serial}, status varchar(100) NOT NULL, status_changed {datetime} NOT NULL, name varchar(255) NOT NULL,
    created_at {datetime} NOT NULL, updated_at {datetime} NOT NULL, expiration_date {datetime} NULL,
    reason varchar(255) NOT NULL, user_id {user} NOT NULL REFERENCES auth_user (id));

CREATE TABLE verify_student_ssoverification (
    {serial}, status varchar(100) NOT NULL, status_changed {datetime} NOT NULL, name varchar(255) NOT NULL,
    created_at {datetime} NOT NULL, updated_at {datetime} NOT NULL, expiration_date {datetime} NULL,
    identity_provider_type varchar(100) NOT NULL, identity_provider_slug varchar(30) NOT NULL,
    user_id {user} NOT NULL REFERENCES auth_user (id));

CREATE TABLE verify_student_softwaresecurephotoverification (
    {serial}, status varchar(100) NOT NULL, status_changed {datetime} NOT NULL, name varchar(255) NOT NULL,
    created_at {datetime} NOT NULL, updated_at {datetime} NOT NULL, expiration_date {datetime} NULL,
    face_image_url varchar(255) NOT NULL, photo_id_image_url varchar(255) NOT NULL, receipt_id varchar(255) NOT NULL,
    display {boolean} NOT NULL, submitted_at {datetime} NULL, reviewing_service varchar(255) NOT NULL,
    error_msg {text} NOT NULL, error_code varchar(50) NOT NULL, photo_id_key {text} NOT NULL,
    expiry_email_date {datetime} NULL,
    copy_id_photo_from_id integer NULL REFERENCES verify_student_softwaresecurephotoverification (id),
    reviewing_user_id {user} NULL REFERENCES auth_user (id), user_id {user} NOT NULL REFERENCES auth_user (id));
CREATE INDEX photoverification_receipt ON verify_student_softwaresecurephotoverification (receipt_id);

CREATE TABLE verify_student_verificationattempt (
    {serial}, status varchar(100) NOT NULL, status_changed {datetime} NOT NULL, name varchar(255) NOT NULL,
    created_at {datetime} NOT NULL, updated_at {datetime} NOT NULL, expiration_datetime {datetime} NULL,
    hide_status_from_user {boolean} NULL, user_id {user} NOT NULL REFERENCES auth_user (id));

CREATE TABLE verify_student_verificationdeadline (
    {serial}, created {datetime} NOT NULL, modified {datetime} NOT NULL, course_key varchar(255) NOT NULL UNIQUE,
    deadline {datetime} NOT NULL, deadline_is_explicit {boolean} NOT NULL);

CREATE TABLE verify_student_sspverificationretryconfig (
    {serial}, change_date {datetime} NOT NULL, enabled {boolean} NOT NULL, arguments {text} NOT NULL,
    changed_by_id {user} NULL REFERENCES auth_user (id));
