-- Rows of every state, and the odd ones that the contract tells of. Learner 1 and 2, staff 3 are there already.

INSERT INTO proctoring_proctoredexam (id, created, modified, course_id, content_id, external_id, exam_name, time_limit_mins, due_date, is_proctored, is_practice_exam, is_active, hide_after_due, backend) VALUES
 (1, '2019-01-01 10:00:00', '2019-01-02 10:00:00', 'course-v1:old+C1+1', 'block-v1:old+C1+1+type@sequential+block@a', 'ext-1', 'Final', 90, '2031-01-01 10:00:00', TRUE, FALSE, TRUE, FALSE, 'simproc'),
 (2, '2019-01-01 10:00:00', '2019-01-02 10:00:00', 'course-v1:old+C1+1', 'block-v1:old+C1+1+type@sequential+block@b', NULL, 'Old', 60, NULL, TRUE, FALSE, TRUE, FALSE, NULL),
 (3, '2016-01-01 10:00:00', '2016-01-02 10:00:00', 'edX/Old/2016', 'i4x://edX/Old/sequential/c', NULL, 'Timed', 30, NULL, FALSE, FALSE, TRUE, TRUE, NULL),
 (4, '2019-01-01 10:00:00', '2019-01-02 10:00:00', 'course-v1:old+C1+1', 'block-v1:old+C1+1+type@sequential+block@d', NULL, 'Practice', 30, NULL, TRUE, TRUE, TRUE, FALSE, 'gone_vendor'),
 (5, '2019-01-01 10:00:00', '2019-01-02 10:00:00', 'course-v1:old+C1+1', 'block-v1:old+C1+1+type@sequential+block@e', NULL, 'No time', 0, NULL, FALSE, FALSE, TRUE, FALSE, '');
INSERT INTO proctoring_proctoredexamhistory (history_id, id, created, modified, course_id, content_id, external_id, exam_name, time_limit_mins, due_date, is_proctored, is_practice_exam, is_active, hide_after_due, backend, history_date, history_change_reason, history_type, history_user_id) VALUES
 (1, 1, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 'course-v1:old+C1+1', 'block-v1:old+C1+1+type@sequential+block@a', NULL, 'Draft', 60, NULL, TRUE, FALSE, TRUE, FALSE, NULL, '2019-01-01 10:00:00', NULL, '+', NULL),
 (2, 77, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 'course-v1:old+C1+1', 'gone', NULL, 'Gone', 60, NULL, TRUE, FALSE, TRUE, FALSE, NULL, '2019-02-01 10:00:00', 'tidied', '-', 3);
INSERT INTO proctoring_proctoredexamreviewpolicy (id, created, modified, review_policy, proctored_exam_id, set_by_user_id) VALUES
 (1, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 'closed book', 1, 3),
 (2, '2019-03-01 10:00:00', '2019-03-01 10:00:00', 'open book', 1, 3);
INSERT INTO proctoring_proctoredexamreviewpolicyhistory (id, created, modified, original_id, review_policy, proctored_exam_id, set_by_user_id) VALUES
 (1, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 1, '', 1, 3);
INSERT INTO proctoring_proctoredexamstudentattempt (id, created, modified, started_at, completed_at, attempt_code, external_id, allowed_time_limit_mins, status, taking_as_proctored, is_sample_attempt, review_policy_id, is_status_acknowledged, time_remaining_seconds, is_resumable, ready_to_resume, resumed, proctored_exam_id, user_id) VALUES
 (1, '2019-05-01 10:00:00', '2019-05-01 10:00:00', NULL, NULL, 'CODE-1', 'v-1', NULL, 'eligible', TRUE, FALSE, 1, FALSE, NULL, FALSE, FALSE, FALSE, 1, 1),
 (2, '2019-05-02 10:00:00', '2019-05-02 10:00:00', NULL, NULL, 'CODE-2', 'v-2', NULL, 'created', TRUE, FALSE, 1, FALSE, NULL, FALSE, FALSE, FALSE, 1, 1),
 (3, '2019-05-03 10:00:00', '2019-05-03 10:00:00', NULL, NULL, 'CODE-3', 'v-3', NULL, 'download_software_clicked', TRUE, FALSE, 99, FALSE, NULL, FALSE, FALSE, FALSE, 1, 1),
 (4, '2019-05-04 10:00:00', '2019-05-04 10:00:00', NULL, NULL, 'CODE-4', 'v-4', NULL, 'ready_to_start', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 1),
 (5, '2019-05-05 10:00:00', '2019-05-05 10:00:00', '2019-05-05 10:00:00', NULL, 'CODE-5', 'v-5', 90, 'started', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 1),
 (6, '2019-05-06 10:00:00', '2019-05-06 10:00:00', '2019-05-06 10:00:00', NULL, 'CODE-6', 'v-6', 90, 'ready_to_submit', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 1),
 (7, '2019-05-07 10:00:00', '2019-05-07 10:00:00', NULL, NULL, 'CODE-7', NULL, NULL, 'started', FALSE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 3, 2),
 (8, '2019-05-08 10:00:00', '2019-05-08 10:00:00', NULL, NULL, 'CODE-8', NULL, NULL, 'declined', FALSE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (9, '2019-05-09 10:00:00', '2019-05-09 10:00:00', '2019-05-09 10:00:00', NULL, 'CODE-9', 'v-9', 90, 'timed_out', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (10, '2019-05-10 10:00:00', '2019-05-10 12:00:00', '2019-05-10 10:00:00', '2019-05-10 11:00:00', 'CODE-10', 'v-10', 90, 'submitted', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (11, '2019-05-11 10:00:00', '2019-05-11 12:00:00', '2019-05-11 10:00:00', '2019-05-11 11:00:00', 'CODE-11', 'v-11', 90, 'second_review_required', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (12, '2019-05-12 10:00:00', '2019-05-12 12:00:00', '2019-05-12 10:00:00', '2019-05-12 11:00:00', 'CODE-12', 'v-12', 90, 'verified', TRUE, FALSE, NULL, TRUE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (13, '2019-05-13 10:00:00', '2019-05-13 12:00:00', '2019-05-13 10:00:00', '2019-05-13 09:00:00', 'CODE-13', 'v-13', 90, 'rejected', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (14, '2019-05-14 10:00:00', '2019-05-14 12:00:00', '2019-05-14 10:00:00', NULL, 'CODE-14', 'v-14', 90, 'error', TRUE, FALSE, NULL, FALSE, 1200, TRUE, FALSE, FALSE, 1, 2),
 (15, '2019-05-15 10:00:00', '2019-05-15 12:00:00', NULL, NULL, 'CODE-15', NULL, NULL, 'expired', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (16, '2019-05-16 10:00:00', '2019-05-16 12:00:00', NULL, '2019-05-16 11:00:00', 'CODE-16', 'v-16', NULL, 'onboarding_reset', TRUE, TRUE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 4, 2),
 (17, '2019-05-17 10:00:00', '2019-05-17 12:00:00', NULL, NULL, 'CODE-17', NULL, NULL, 'onboarding_missing', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (18, '2019-05-18 10:00:00', '2019-05-18 12:00:00', NULL, NULL, 'CODE-18', NULL, NULL, 'onboarding_pending', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (19, '2019-05-19 10:00:00', '2019-05-19 12:00:00', NULL, NULL, 'CODE-19', NULL, NULL, 'onboarding_failed', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (20, '2019-05-20 10:00:00', '2019-05-20 12:00:00', NULL, NULL, 'CODE-20', NULL, NULL, 'onboarding_expired', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2),
 (21, '2015-05-20 10:00:00', '2015-05-20 12:00:00', NULL, NULL, NULL, NULL, NULL, 'not_reviewed', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 2, 2),
 (22, '2015-05-21 10:00:00', '2015-05-21 12:00:00', NULL, NULL, 'TWICE', 'v-twice', NULL, 'submitted', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 2, 2),
 (23, '2015-05-22 10:00:00', '2015-05-22 12:00:00', NULL, NULL, 'TWICE', 'v-twice', NULL, 'submitted', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 2, 1);
INSERT INTO proctoring_proctoredexamstudentattempt_history (history_id, id, created, modified, started_at, completed_at, attempt_code, external_id, allowed_time_limit_mins, status, taking_as_proctored, is_sample_attempt, review_policy_id, is_status_acknowledged, time_remaining_seconds, is_resumable, ready_to_resume, resumed, proctored_exam_id, user_id, history_date, history_change_reason, history_type, history_user_id) VALUES
 (1, 12, '2019-05-12 10:00:00', '2019-05-12 10:00:00', NULL, NULL, 'CODE-12', 'v-12', NULL, 'created', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, 2, '2019-05-12 10:00:00', NULL, '+', NULL),
 (2, 12, '2019-05-12 10:00:00', '2019-05-12 12:00:00', '2019-05-12 10:00:00', '2019-05-12 11:00:00', 'CODE-12', 'v-12', 90, 'verified', TRUE, FALSE, NULL, TRUE, NULL, FALSE, FALSE, FALSE, 1, 2, '2019-05-12 12:00:00', NULL, '~', 3),
 (3, 70, '2018-05-12 10:00:00', '2018-05-12 12:00:00', '2018-05-12 10:00:00', '2018-05-12 11:00:00', 'CODE-GONE', 'v-70', 90, 'submitted', TRUE, FALSE, NULL, FALSE, NULL, FALSE, FALSE, FALSE, 1, NULL, '2018-05-12 12:00:00', NULL, '-', NULL);
INSERT INTO proctoring_proctoredexamstudentallowance (id, created, modified, {key}, value, proctored_exam_id, user_id) VALUES
 (1, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 'additional_time_granted', '30', 1, 1),
 (2, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 'review_policy_exception', 'may use a calculator', 1, 1),
 (3, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 'additional_time_granted', '', 3, 1),
 (4, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 'time_multiplier', '1.5', 1, 2);
INSERT INTO proctoring_proctoredexamstudentallowancehistory (id, created, modified, allowance_id, {key}, value, proctored_exam_id, user_id) VALUES
 (1, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 1, 'additional_time_granted', '15', 1, 1);
INSERT INTO proctoring_proctoredexamsoftwaresecurereview (id, created, modified, attempt_code, is_attempt_active, review_status, raw_data, encrypted_video_url, exam_id, reviewed_by_id, student_id) VALUES
 (1, '2019-05-12 12:00:00', '2019-05-12 12:00:00', 'CODE-12', TRUE, 'Clean', '{{"examMetaData": {{"examCode": "CODE-12"}}}}', {bytes}, 1, NULL, 2),
 (2, '2019-05-11 12:00:00', '2019-05-11 12:00:00', 'CODE-11', TRUE, 'Suspicious', '', NULL, 1, NULL, 2),
 (3, '2018-05-12 12:00:00', '2018-05-12 12:00:00', 'CODE-GONE', TRUE, 'Rules Violation', 'not json', NULL, NULL, NULL, NULL),
 (4, '2018-05-12 12:00:00', '2018-05-12 12:00:00', 'CODE-NOWHERE', FALSE, 'Not Reviewed', '{{}}', NULL, NULL, 3, NULL),
 (5, '2018-05-12 12:00:00', '2018-05-12 12:00:00', 'CODE-13', TRUE, 'Failed', '{{}}', NULL, 1, 3, 2);
INSERT INTO proctoring_proctoredexamsoftwaresecurereviewhistory (id, created, modified, attempt_code, is_attempt_active, review_status, raw_data, encrypted_video_url, exam_id, reviewed_by_id, student_id) VALUES
 (1, '2019-05-12 12:00:00', '2019-05-12 12:00:00', 'CODE-12', TRUE, 'Suspicious', '{{}}', NULL, 1, NULL, 2);
INSERT INTO proctoring_proctoredexamstudentattemptcomment (id, created, modified, start_time, stop_time, duration, comment, status, review_id) VALUES
 (1, '2019-05-12 12:00:00', '2019-05-12 12:00:00', 12, 15, 3, 'looked away', 'Suspicious', 1),
 (2, '2019-05-12 12:00:00', '2019-05-12 12:00:00', 12, 10, -2, '', '', 2);

INSERT INTO verify_student_manualverification (id, status, status_changed, name, created_at, updated_at, expiration_date, reason, user_id) VALUES
 (1, 'approved', '2019-01-01 10:00:00', 'Old Name', '2019-01-01 10:00:00', '2019-01-01 10:00:00', NULL, 'by hand', 1);
INSERT INTO verify_student_ssoverification (id, status, status_changed, name, created_at, updated_at, expiration_date, identity_provider_type, identity_provider_slug, user_id) VALUES
 (1, 'approved', '2019-01-01 10:00:00', 'Old Name', '2019-01-01 10:00:00', '2019-01-01 10:00:00', '2031-01-01 10:00:00', 'third_party_auth.models.SAMLProviderConfig', 'default', 2);
INSERT INTO verify_student_softwaresecurephotoverification (id, status, status_changed, name, created_at, updated_at, expiration_date, face_image_url, photo_id_image_url, receipt_id, display, submitted_at, reviewing_service, error_msg, error_code, photo_id_key, expiry_email_date, copy_id_photo_from_id, reviewing_user_id, user_id) VALUES
 (1, 'created', '2019-01-01 10:00:00', '', '2019-01-01 10:00:00', '2019-01-01 10:00:00', NULL, 'https://photos.example/1', '', 'r-1', TRUE, NULL, '', '', '', '', NULL, NULL, NULL, 1),
 (2, 'ready', '2019-01-01 10:00:00', 'A', '2019-01-01 10:00:00', '2019-01-01 10:00:00', NULL, '', '', 'r-2', TRUE, NULL, '', '', '', 'key', NULL, NULL, NULL, 1),
 (3, 'submitted', '2019-01-01 10:00:00', 'A', '2019-01-01 10:00:00', '2019-01-01 10:00:00', NULL, '', '', 'r-3', TRUE, '2019-01-01 10:00:00', '', '', '', 'key', NULL, NULL, NULL, 1),
 (4, 'must_retry', '2019-01-01 10:00:00', 'A', '2019-01-01 10:00:00', '2019-01-01 10:00:00', NULL, '', '', 'r-twice', TRUE, NULL, '', 'HTTP 500', '', 'key', NULL, NULL, NULL, 1),
 (5, 'approved', '2019-01-01 10:00:00', 'A', '2019-01-01 10:00:00', '2019-01-01 10:00:00', NULL, '', '', 'r-twice', TRUE, '2019-01-01 10:00:00', 'https://vendor.example', '', '', 'key', '2020-01-01 10:00:00', NULL, 3, 2),
 (6, 'denied', '2019-01-01 10:00:00', 'A', '2019-01-01 10:00:00', '2019-01-01 10:00:00', '2020-01-01 10:00:00', '', '', 'r-6', TRUE, '2019-01-01 10:00:00', '', '[{{"photoIdReasons": ["Not provided"]}}]', '55', 'key', NULL, 5, NULL, 2),
 (7, 'denied', '2015-01-01 10:00:00', 'A', '2015-01-01 10:00:00', '2015-01-01 10:00:00', NULL, '', '', '', TRUE, NULL, '', 'free text', '', '', NULL, NULL, NULL, 2),
 (8, 'failed', '2015-01-01 10:00:00', 'A', '2015-01-01 10:00:00', '2015-01-01 10:00:00', NULL, '', '', 'r-8', FALSE, NULL, '', '', '', '', NULL, NULL, NULL, 2);
INSERT INTO verify_student_verificationattempt (id, status, status_changed, name, created_at, updated_at, expiration_datetime, hide_status_from_user, user_id) VALUES
 (1, 'created', '2024-01-01 10:00:00', '', '2024-01-01 10:00:00', '2024-01-01 10:00:00', NULL, NULL, 1),
 (2, 'pending', '2024-01-01 10:00:00', 'A', '2024-01-01 10:00:00', '2024-01-01 10:00:00', NULL, TRUE, 1),
 (3, 'approved', '2024-01-01 10:00:00', 'A', '2024-01-01 10:00:00', '2024-01-01 10:00:00', NULL, FALSE, 2),
 (4, 'denied', '2024-01-01 10:00:00', 'A', '2024-01-01 10:00:00', '2024-01-01 10:00:00', '2024-06-01 10:00:00', FALSE, 2);
INSERT INTO verify_student_verificationdeadline (id, created, modified, course_key, deadline, deadline_is_explicit) VALUES
 (1, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 'course-v1:old+C1+1', '2031-01-01 10:00:00', FALSE),
 (2, '2019-01-01 10:00:00', '2019-01-01 10:00:00', 'edX/Old/2016', '2016-06-01 10:00:00', TRUE);
INSERT INTO verify_student_sspverificationretryconfig (id, change_date, enabled, arguments, changed_by_id) VALUES
 (1, '2019-01-01 10:00:00', TRUE, '--verification-ids 3 4', 3);
